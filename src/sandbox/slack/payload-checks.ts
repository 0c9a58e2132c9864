import type { Dict } from './json.ts';
import type { Parts } from './parts.ts';
import { Refused } from './refused.ts';
import { type Problem, validateMessage, validateOptions, validateView } from './validator/index.ts';

/** Slack's own error codes for a whole message; everything else about blocks is `invalid_blocks`. */
const WHOLE_MESSAGE: ReadonlySet<string> = new Set([
  'no_text',
  'msg_too_long',
  'too_many_attachments',
  'markdown_text_conflict',
  'invalid_metadata_format',
  'invalid_blocks_format',
  'invalid_arguments',
  'only_one_table_allowed',
]);

/** Slack would deliver it; the stand-in only writes it down. */
const NOT_REFUSED: ReadonlySet<string> = new Set(['unsafe_broadcast']);

function worded(problem: Problem): string {
  return `${problem.message} [json-pointer:${problem.pointer}]`;
}

/** Writes every problem into the app's list of failures; the answer keeps those that Slack refuses. */
function recorded(parts: Parts, is: 'bad-payload' | 'bad-ack', where: string, problems: readonly Problem[]): readonly Problem[] {
  for (const problem of problems) parts.failures.record(is, where, worded(problem));
  return problems.filter((problem) => !NOT_REFUSED.has(problem.code));
}

/** Whether notifications and screen readers would have nothing to say. */
function lacksFallback(payload: Dict): boolean {
  const hasBlocks = Array.isArray(payload.blocks) && payload.blocks.length > 0;
  const text = payload.text;
  return hasBlocks && (typeof text !== 'string' || text.trim() === '');
}

/** Refused in Slack's shape: a code for the whole message, or `invalid_blocks`, with pointers. A missing fallback text is only recorded. */
export function checkMessage(parts: Parts, where: string, payload: Dict, surface: 'message' | 'ephemeral' | 'response'): void {
  if (lacksFallback(payload)) parts.failures.record('no-fallback-text', where, 'blocks without a top-level text');
  const problems = recorded(parts, 'bad-payload', where, validateMessage(payload, surface));
  if (problems.length === 0) return;
  const whole = problems.find((problem) => WHOLE_MESSAGE.has(problem.code));
  throw new Refused(whole?.code ?? 'invalid_blocks', {
    errors: problems.map(worded),
    response_metadata: { messages: problems.map((problem) => `[ERROR] ${worded(problem)}`) },
  });
}

/** Refused: `view_too_large`, `invalid_arguments` with pointers from `/view`. */
export function checkView(parts: Parts, where: string, view: Dict, type: 'modal' | 'home'): void {
  const wrongType: readonly Problem[] = view.type === type ? [] : [{ code: 'invalid_type', message: `must be a ${type} view`, pointer: '/view/type' }];
  const problems = recorded(parts, 'bad-payload', where, [...validateView(view), ...wrongType]);
  if (problems.length === 0) return;
  if (problems.some((problem) => problem.code === 'view_too_large')) throw new Refused('view_too_large');
  throw new Refused('invalid_arguments', { response_metadata: { messages: problems.map((problem) => `[ERROR] ${worded(problem)}`) } });
}

/** Whether Slack can show a view that came as an ack; what is wrong is recorded. */
export function ackedViewIsSound(parts: Parts, where: string, view: Dict, type: unknown): boolean {
  return recorded(parts, 'bad-ack', where, validateView(view)).length === 0 && view.type === type;
}

/** Whether Slack can show the answer to a `block_suggestion`; what is wrong is recorded. */
export function optionsAreSound(parts: Parts, where: string, response: unknown): boolean {
  return recorded(parts, 'bad-ack', where, validateOptions(response)).length === 0;
}
