import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readChannel, readDate, readMetadata, readNumber, readOption, readOptions, readText, readTime, readUser, readUsers } from '../../views/state.ts';

const values = {
  name: { name: { type: 'plain_text_input', value: '  Zoom ' } },
  rate: { rate: { type: 'number_input', value: '10.5' } },
  matching: { matching: { type: 'static_select', selected_option: { value: 'userName' } } },
  roles: { 'assign.roles': { type: 'multi_external_select', selected_options: [{ value: 'a' }, { value: 'usher:more' }, { value: 'b' }] } },
  who: { who: { type: 'users_select', selected_user: 'U1', selected_users: ['U1', 'U2'] } },
  where: { where: { type: 'conversations_select', selected_conversation: 'C1' } },
  when: { when: { type: 'datepicker', selected_date: '2026-11-21', selected_time: '06:10' } },
  empty: { empty: { type: 'plain_text_input', value: null } },
};

it('reads what a form holds', () => {
  expect(readText(values, 'name')).toBe('Zoom');
  expect(readNumber(values, 'rate')).toBe(10.5);
  expect(readOption(values, 'matching')).toBe('userName');
  expect(readOptions(values, 'roles', 'assign.roles')).toEqual(['a', 'b']);
  expect(readUser(values, 'who')).toBe('U1');
  expect(readUsers(values, 'who')).toEqual(['U1', 'U2']);
  expect(readChannel(values, 'where')).toBe('C1');
  expect(readDate(values, 'when')).toBe('2026-11-21');
  expect(readTime(values, 'when')).toBe('06:10');
  expect(readText(values, 'empty')).toBeNull();
  expect(readMetadata('{"connectorId":"c1"}')).toEqual({ connectorId: 'c1' });
});

it('takes anything else for nothing', () => {
  const readers = [readText, readNumber, readOption, readOptions, readUser, readUsers, readChannel, readDate, readTime];
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.record({ b: fc.record({ b: fc.anything() }) })), (state) => {
      for (const read of readers) expect(() => read(state, 'b')).not.toThrow();
      expect(() => readMetadata(state)).not.toThrow();
    }),
  );
  expect(readText(values, 'constructor')).toBeNull();
  expect(readMetadata('{')).toBeUndefined();
});
