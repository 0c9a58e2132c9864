/**
 * As strict as Slack: everything the app sends is checked here (SLACK.md section 2; section 8 where sources conflict:
 * the stricter). Knows nothing of the app.
 */
import { z } from 'zod';
import { type Dict, isDict } from '../json.ts';
import { MESSAGE_BLOCKS, VIEW } from './blocks.ts';
import { OPTION_GROUP, PLAIN_OPTION, upTo, words } from './composition.ts';
import { type Problem, problemsBy } from './problem.ts';
import { countedTogether, formRules, noBroadcasts, oneFocus, responseUrls, uniqueIds } from './whole.ts';

export type { Problem } from './problem.ts';

const MOST_VIEW_BYTES = 250_000;
const MOST_TEXT = 4_000;
const MOST_MARKDOWN = 12_000;

/**
 * What is wrong with the arguments of `chat.*` or the body of a response URL. Only content is looked at (`text`,
 * `blocks`, `attachments`, `markdown_text`, `metadata`); the rest of the arguments differs by method.
 */
export function validateMessage(payload: unknown, surface: 'message' | 'ephemeral' | 'response'): Problem[] {
  if (!isDict(payload)) return [{ code: 'invalid_arguments', message: 'must provide an object', pointer: '' }];
  return [...contentProblems(payload, surface), ...textProblems(payload, surface), ...blocksProblems(payload.blocks)];
}

function contentProblems(payload: Dict, surface: string): Problem[] {
  const { text, blocks, attachments, markdown_text: markdown, metadata } = payload;
  const problems: Problem[] = [];
  const isEmpty = [text, blocks, attachments, markdown].every((part) => part === undefined || part === '' || (Array.isArray(part) && part.length === 0));
  const isDeletion = surface === 'response' && payload.delete_original === true;
  if (isEmpty && !isDeletion) problems.push({ code: 'no_text', message: 'missing required field: text', pointer: '' });
  if (Array.isArray(attachments) && attachments.length > 100)
    problems.push({ code: 'too_many_attachments', message: 'no more than 100 items allowed', pointer: '/attachments' });
  if (markdown !== undefined && (text !== undefined || blocks !== undefined))
    problems.push({ code: 'markdown_text_conflict', message: 'can not be used with `text` or `blocks`', pointer: '/markdown_text' });
  if (markdown !== undefined) problems.push(...problemsBy(upTo(MOST_MARKDOWN), markdown, '/markdown_text'));
  if (metadata !== undefined) problems.push(...problemsBy(METADATA, metadata, '/metadata').map((problem) => ({ ...problem, code: 'invalid_metadata_format' })));
  return [...problems, ...noBroadcasts({ text, attachments, markdown_text: markdown }, '')];
}

const METADATA = z.object({ event_type: words(255), event_payload: z.record(z.string(), z.unknown()) });

/** `chat.update` and response URLs refuse over 4,000 characters, an ephemeral over 4,000 bytes; the same for a post, which would be cut. */
function textProblems(payload: Dict, surface: string): Problem[] {
  const { text } = payload;
  if (text === undefined) return [];
  if (typeof text !== 'string') return [{ code: 'invalid_arguments', message: 'must be a string', pointer: '/text' }];
  if (surface === 'ephemeral' && Buffer.byteLength(text) > MOST_TEXT)
    return [{ code: 'msg_too_long', message: `must be less than ${MOST_TEXT + 1} bytes`, pointer: '/text' }];
  return text.length > MOST_TEXT ? [{ code: 'msg_too_long', message: `must be less than ${MOST_TEXT + 1} characters`, pointer: '/text' }] : [];
}

function blocksProblems(blocks: unknown): Problem[] {
  if (blocks === undefined) return [];
  if (!Array.isArray(blocks)) return [{ code: 'invalid_blocks_format', message: 'must provide an array', pointer: '/blocks' }];
  return [
    ...problemsBy(MESSAGE_BLOCKS, blocks, '/blocks'),
    ...uniqueIds(blocks, '/blocks'),
    ...oneFocus(blocks, '/blocks'),
    ...responseUrls(blocks, '/blocks'),
    ...countedTogether(blocks, '/blocks'),
    ...noBroadcasts(blocks, '/blocks'),
  ];
}

/** What is wrong with a modal or a Home tab, told apart by its `type`. Pointers begin with `/view`. */
export function validateView(view: unknown): Problem[] {
  const size = isDict(view) ? Buffer.byteLength(JSON.stringify(view)) : 0;
  return [
    ...(size > MOST_VIEW_BYTES ? [{ code: 'view_too_large', message: `must be at most ${MOST_VIEW_BYTES} bytes`, pointer: '/view' }] : []),
    ...problemsBy(VIEW, view, '/view'),
    ...formRules(view, '/view'),
    ...uniqueIds(view, '/view'),
    ...oneFocus(view, '/view'),
    ...noBroadcasts(view, '/view'),
  ];
}

const SUGGESTIONS = z
  .strictObject({ options: z.array(PLAIN_OPTION).max(100).optional(), option_groups: z.array(OPTION_GROUP).max(100).optional() })
  .superRefine((answer, ctx) => {
    if ((answer.options === undefined) === (answer.option_groups === undefined))
      ctx.addIssue({ code: 'custom', message: 'must define either `options` or `option_groups`', params: { code: 'either_or' } });
  });

/** What is wrong with the answer to a `block_suggestion`. An empty list is allowed: nothing was found. */
export function validateOptions(response: unknown): Problem[] {
  return [...problemsBy(SUGGESTIONS, response, ''), ...noBroadcasts(response, '')];
}
