import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Request } from './protocol.ts';

/** What was typed after `usher`. */
export type Wanted =
  | { readonly is: 'help' }
  | { readonly is: 'usage'; readonly problem: string }
  | { readonly is: 'request'; readonly folder: string | null; readonly request: Request; readonly format: 'csv' | 'jsonl' };

interface Verb {
  readonly usage: string;
  readonly about: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** How many it takes besides options; none unless told. */
  readonly objects?: number;
  /** A sentence where something is missing. */
  readonly request: (options: Readonly<Record<string, string | undefined>>, objects: readonly string[]) => Request | string;
}

const TEXT = { type: 'string' } as const;

const VERBS: Readonly<Record<string, Verb>> = {
  status: { usage: 'status', about: 'How Usher stands: runs, approvals, secrets, the audit’s head', options: {}, request: () => ({ is: 'status' }) },
  'audit verify': {
    usage: 'audit verify [--head <hash>]',
    about: 'Name the first altered, missing or moved row; --head: a hash noted earlier, which must be in it. Works on a stopped store too',
    options: { head: TEXT },
    request: ({ head }) => ({ is: 'audit verify', head: head ?? null }),
  },
  'audit export': {
    usage: 'audit export [--format csv|jsonl] [--from 2026-03-01] [--until 2026-03-31]',
    about: 'Every row with its place in the chain, oldest first, to standard output',
    options: { format: TEXT, from: TEXT, until: TEXT },
    request: ({ format = 'csv', from, until }) =>
      format === 'csv' || format === 'jsonl' ? { is: 'audit export', from: from ?? null, until: until ?? null } : `“${format}” is no format: csv or jsonl`,
  },
  'secrets rotate': {
    usage: 'secrets rotate',
    about: 'Seal every stored secret with the present key, and say whether an older one may go',
    options: {},
    request: () => ({ is: 'secrets rotate' }),
  },
  'approvals list': { usage: 'approvals list', about: 'What waits for an approval', options: {}, request: () => ({ is: 'approvals list' }) },
  'approvals release': {
    usage: 'approvals release <Q-7> --why <reason>',
    about: 'Release what nobody but its requester could approve, a day after it was asked for',
    options: { why: TEXT },
    objects: 1,
    request: ({ why = '' }, [id]) => {
      if (id === undefined) return 'Which request? `usher approvals list` names them';
      return why.trim() === '' ? 'A reason is missing: --why "…"' : { is: 'approvals release', id: id.toUpperCase(), why };
    },
  },
  'stock import': {
    usage: 'stock import <file> --organization <id or name>',
    about: 'Take token serials from a CSV (column: serial) into an organization’s stock, however long it is',
    options: { organization: TEXT },
    objects: 1,
    request: ({ organization = '' }, [file]) => {
      if (file === undefined) return 'Which file? A CSV with the column serial';
      return organization.trim() === '' ? 'Whose stock? --organization <id or name>' : { is: 'stock import', file: resolve(file), organization };
    },
  },
  'sign-ins import': {
    usage: 'sign-ins import <file>',
    about: 'Take sign-ins from a CSV (columns: connector, person, at, social); social ones never count',
    options: {},
    objects: 1,
    request: (_options, [file]) =>
      file === undefined ? 'Which file? A CSV with the columns connector, person, at and social' : { is: 'sign-ins import', file: resolve(file) },
  },
};

/** Reads the words with Node's own `parseArgs`. */
export function wantedBy(words: readonly string[]): Wanted {
  const asksForHelp = words.length === 0 || words[0] === 'help' || words.includes('--help') || words.includes('-h');
  if (asksForHelp) return { is: 'help' };
  const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find((known) => known in VERBS);
  const verb = name === undefined ? undefined : VERBS[name];
  if (name === undefined || verb === undefined) return { is: 'usage', problem: `There is no “usher ${words.slice(0, 2).join(' ')}”` };
  try {
    const { values, positionals } = parseArgs({
      args: words.slice(name.split(' ').length),
      options: { ...verb.options, data: TEXT },
      allowPositionals: true,
      strict: true,
    });
    const options = Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : [])));
    if (positionals.length > (verb.objects ?? 0)) return { is: 'usage', problem: `“${positionals.at(-1)}” has no place here: usher ${verb.usage}` };
    const request = verb.request(options, positionals);
    if (typeof request === 'string') return { is: 'usage', problem: request };
    return { is: 'request', folder: options.data ?? null, request, format: options.format === 'jsonl' ? 'jsonl' : 'csv' };
  } catch (error) {
    return { is: 'usage', problem: `${error instanceof Error ? error.message : String(error)}: usher ${verb.usage}` };
  }
}

export function helpText(): string {
  return [
    'usher: what is done on the host where Usher runs. Everything else is in Slack.',
    '',
    ...Object.values(VERBS).flatMap(({ usage, about }) => [`  usher ${usage}`, `      ${about}`]),
    '',
    '  --data <folder>   the data folder; default: USHER_DATA, else ./data',
    '',
    'Exit codes: 0 done; 1 the audit is not intact, a secret does not open, or lines of a file say nothing; 2 refused or failed; 64 wrong usage; 69 no Usher answers.',
    '',
  ].join('\n');
}
