import { dictOf, isDict, textOf, type Dict } from './json.ts';
import { contentOf, edited, exchange, messageAt, post } from './messages.ts';
import type { Parts } from './parts.ts';
import { checkMessage } from './payload-checks.ts';
import { Refused } from './refused.ts';
import type { ResponseTarget } from './response-urls.ts';

/** Posts what the app answered to a command or a click: ephemeral unless it says `in_channel`, even where the bot is no member. */
export function answerPerson(parts: Parts, where: string, target: ResponseTarget, payload: Dict): void {
  checkMessage(parts, where, payload, 'response');
  const content = contentOf(payload);
  const channel = parts.state.channels.get(target.channelId);
  if (channel === undefined) throw new Refused('channel_not_found');
  const ephemeralFor = payload.response_type === 'in_channel' ? null : target.userId;
  const threadTs = textOf(payload.thread_ts) || null;
  post(parts, { channel, userId: parts.state.app.botUserId, ...content, text: content.text ?? '', threadTs, ephemeralFor });
}

/** Replaces or deletes the message that was clicked; its visibility can't be flipped. Refused: `message_not_found` when it is gone. */
function changeOriginal(parts: Parts, target: ResponseTarget, payload: Dict): void {
  const original = target.source === null ? undefined : messageAt(parts, target.channelId, target.source.ts, target.userId);
  if (original === undefined) throw new Refused('message_not_found');
  const deletes = payload.delete_original === true;
  if (!deletes) checkMessage(parts, 'response_url', payload, 'response');
  exchange(parts, original, deletes ? null : edited(parts, original, contentOf(payload)));
}

function respond(parts: Parts, target: ResponseTarget, payload: Dict): void {
  const onOriginal = payload.replace_original === true || payload.delete_original === true;
  if (onOriginal && target.source === null) {
    parts.failures.record('response-url', 'response_url', 'replace_original and delete_original do not work for slash commands');
    if (payload.delete_original === true) throw new Refused('message_not_found');
  }
  if (onOriginal && target.source !== null) changeOriginal(parts, target, payload);
  else answerPerson(parts, 'response_url', target, payload);
}

/** Answers a post to a response URL: HTTP status and body. Errors come as 400, a spent or old address as 404. */
export function answerResponseUrl(parts: Parts, secret: string, body: unknown): { readonly status: number; readonly body: Dict } {
  const opened = parts.responseUrls.use(secret);
  if (opened.is === 'gone') {
    parts.failures.record('response-url', 'response_url', opened.error);
    return { status: 404, body: { ok: false, error: opened.error } };
  }
  if (!isDict(body)) {
    parts.failures.record('response-url', 'response_url', 'no JSON body');
    return { status: 400, body: { ok: false, error: 'invalid_payload' } };
  }
  try {
    respond(parts, opened.target, dictOf(body));
    return { status: 200, body: { ok: true } };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { status: 400, body: { ok: false, error: error.code, ...error.extra } };
  }
}
