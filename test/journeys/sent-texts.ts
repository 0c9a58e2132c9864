import type { Workspace } from '../../src/sandbox/slack/workspace.ts';

/** Texts that Slack would read as markup, of everything the app sent; text objects that are plain are not among them. */
export function marked({ calls }: Workspace): readonly string[] {
  const texts: string[] = [];
  const look = (value: unknown, key: string, isPlain: boolean): void => {
    if (typeof value === 'string' && !isPlain && ['text', 'initial_comment', 'markdown_text'].includes(key)) texts.push(value);
    if (Array.isArray(value)) for (const one of value) look(one, key, isPlain);
    else if (typeof value === 'object' && value !== null) {
      const type = 'type' in value ? value.type : undefined;
      const plain = type === 'plain_text' || type === 'raw_text' || type === 'text';
      for (const [name, inner] of Object.entries(value)) look(inner, name, plain);
    }
  };
  for (const { args } of calls) look(args, '', false);
  return texts;
}

/** The same without the text beside blocks, which is for notifications: formatting does no harm there. */
export function drawnBy(workspace: Workspace): readonly string[] {
  return marked({
    ...workspace,
    calls: workspace.calls.map((call) => (call.args.blocks === undefined ? call : { ...call, args: { ...call.args, text: '' } })),
  });
}
