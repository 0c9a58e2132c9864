import { expect, it } from 'vitest';
import { registry } from '../commands/index.ts';
import { TOPICS } from '../commands/command.ts';

const OWN = new Set(['connectors', 'assign', 'sync', 'enroll', 'report']);

/** The page of every command, drawn from the registry: `npx vitest run test/docs.test.ts -u` writes it anew. */
function commandsPage(): string {
  const typed = registry.flatMap((command) => command.typed ?? []);
  const topics = TOPICS.map((topic) => ({ topic, lines: typed.filter((one) => one.topic === topic) })).filter(({ lines }) => lines.length > 0);
  const head = [
    '# Every command',
    '',
    'Type `/usher` alone for a hub with a button for every job, `/usher help` for this list in Slack. Every button has such a typed twin.',
    'Names with blanks go in quotes (`"North High"`), options are `key=value`; a key that a command doesn’t take is refused, with the nearest one that it does. A connector, organization or person may be named by its id or by the beginning of its name, where that is one only.',
    'Topics marked with a star have a slash command of their own, so that Slack completes them: `/usher-sync now Zoom` is `/usher sync now Zoom`.',
  ];
  const parts = topics.flatMap(({ topic, lines }) => [
    '',
    `## ${topic}${OWN.has(topic) ? ' ★' : ''}`,
    '',
    '| type | to |',
    '|---|---|',
    ...lines.map(({ usage, summary }) => `| \`/usher ${usage.replaceAll('|', '\\|')}\` | ${summary} |`),
  ]);
  return `${[...head, ...parts].join('\n')}\n`;
}

it('docs/commands.md lists every command that there is', async () => {
  await expect(commandsPage()).toMatchFileSnapshot('../docs/commands.md');
});
