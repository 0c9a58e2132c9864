import { describe, expect, it } from 'vitest';
import { readBlocks, readSuggestions } from '../../../src/sandbox/page/blocks/shapes.ts';
import { controlValues, reconciled, withValue } from '../../../src/sandbox/page/state/values.ts';

const text = (blockId: string, actionId: string, more: object = {}): object => ({
  type: 'input',
  block_id: blockId,
  label: { type: 'plain_text', text: 'Name' },
  element: { type: 'plain_text_input', action_id: actionId, ...more },
});

describe('what is entered on a surface of the page', () => {
  it('starts at the initial values', () => {
    const blocks = readBlocks([text('a', 'x', { initial_value: 'Zoom' }), { type: 'divider', block_id: 'd' }]);
    expect(controlValues(reconciled({}, blocks, null))).toEqual({ a: { x: { type: 'plain_text_input', value: 'Zoom' } } });
  });

  it('stays through an update where block id, action id and kind are unchanged', () => {
    const before = withValue({}, 'a', 'x', { type: 'plain_text_input', value: 'typed' });
    const after = reconciled(before, readBlocks([text('a', 'x', { initial_value: 'new' })]), null);
    expect(after.a?.x?.value).toBe('typed');
  });

  it('starts anew where one of them changed, and is gone where the block is', () => {
    const before = withValue({}, 'a', 'x', { type: 'plain_text_input', value: 'typed' });
    const changed = [
      text('b', 'x', { initial_value: 'n' }),
      text('c', 'y', { initial_value: 'n' }),
      text('a', 'x', { type: 'number_input', initial_value: '7' }),
    ];
    const after = reconciled(before, readBlocks(changed), null);
    expect([after.b?.x?.value, after.c?.y?.value, after.a?.x?.value]).toEqual(['n', 'n', '7']);
    expect(reconciled(before, [], null)).toEqual({});
  });

  it('takes the present channel where a conversations select asks for it', () => {
    const element = { type: 'conversations_select', action_id: 'x', default_to_current_conversation: true };
    const after = reconciled({}, readBlocks([text('a', 'x', element)]), 'C1');
    expect(after.a?.x?.selected_conversation).toBe('C1');
  });

  it('counts elements in sections and rows of actions, and no buttons', () => {
    const button = { type: 'button', action_id: 'b', text: { type: 'plain_text', text: 'Go' } };
    const blocks = readBlocks([
      { type: 'section', block_id: 's', text: { type: 'mrkdwn', text: 'x' }, accessory: { type: 'users_select', action_id: 'u' } },
      { type: 'actions', block_id: 'r', elements: [button, { type: 'datepicker', action_id: 'd', initial_date: '2026-11-22' }] },
    ]);
    expect(reconciled({}, blocks, null)).toEqual({
      s: { u: { type: 'users_select', selected_user: null } },
      r: { d: { type: 'datepicker', selected_date: '2026-11-22' } },
    });
  });
});

describe('what the page reads', () => {
  it('keeps blocks apart that share an id, and leaves out what is no block', () => {
    expect(readBlocks([{ type: 'divider', block_id: 'a' }, { type: 'divider', block_id: 'a' }, 7, { type: 'divider' }]).map((shown) => shown.key)).toEqual([
      'a',
      '#1',
      '#3',
    ]);
  });

  it('takes options in groups or plain, and nothing else', () => {
    const option = { text: { type: 'plain_text', text: 'Zoom' }, value: 'z' };
    expect(readSuggestions({ ok: true, options: [option] })).toEqual([{ label: null, options: [option] }]);
    expect(readSuggestions({ option_groups: [{ label: { type: 'plain_text', text: 'Apps' }, options: [option] }] })).toEqual([
      { label: 'Apps', options: [option] },
    ]);
    expect(readSuggestions({ ok: true })).toBeNull();
  });
});
