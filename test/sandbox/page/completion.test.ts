import { describe, expect, it } from 'vitest';
import { allCommands, commandOf, completions, invited } from '../../../src/sandbox/page/composer/completion.ts';

const commands = allCommands(['/usher-sync', '/usher', '/usher-report'].map((command) => ({ command, description: '', usageHint: `of ${command}` })));
const found = (text: string): readonly string[] => completions(commands, text).map((one) => one.command);

describe('completion of slash commands', () => {
  it('lists every command after a slash, and what begins as typed first', () => {
    expect(found('/')).toEqual(['/usher-sync', '/usher', '/usher-report', '/invite']);
    expect(found('/usher-r')).toEqual(['/usher-report']);
    expect(found('/report')).toEqual(['/usher-report']);
  });

  it('puts the command first that is typed whole, so that Enter sends it', () => {
    expect(found('/usher')[0]).toBe('/usher');
    expect(found('/USHER')[0]).toBe('/usher');
  });

  it('is silent once arguments are typed, and in anything but a command', () => {
    expect([found('/usher sync'), found('hello /usher'), found('')]).toEqual([[], [], []]);
  });

  it('tells the usage of the command whose arguments are typed', () => {
    expect(commandOf(commands, '/usher sync')?.usageHint).toBe('of /usher');
    expect(commandOf(commands, '/usher')).toBeNull();
  });

  it('reads whom an invitation names', () => {
    expect([invited('/invite @usher'), invited('/invite usher '), invited('/invite'), invited('/usher invite x')]).toEqual(['usher', 'usher', null, null]);
  });
});
