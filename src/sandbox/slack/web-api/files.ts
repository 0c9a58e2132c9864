import { z } from 'zod';
import { announced, fileJson } from '../files.ts';
import type { Dict } from '../json.ts';
import { post } from '../messages.ts';
import type { Parts } from '../parts.ts';
import { checkMessage } from '../payload-checks.ts';
import { Refused } from '../refused.ts';
import type { Channel, StoredFile } from '../state.ts';
import { directWith, postingChannel } from './access.ts';
import { dict, embedded, type Family, listed, method, whole } from './method.ts';

const MOST_CHANNELS = 100;

const getUploadURL = method(
  'files.getUploadURLExternal',
  z.object({
    filename: z.string().min(1),
    length: whole.min(1),
    alt_txt: z.string().max(1000).optional(),
    alt_text: z.string().max(1000).optional(),
    snippet_type: z.string().optional(),
  }),
  (args, parts) => {
    const file = announced(parts, args.filename, args.length);
    return { upload_url: `${parts.origin}/upload/v1/${file.uploadSecret}`, file_id: file.id };
  },
);

/** Refused: `file_not_found`; `file_not_uploaded` and `file_already_completed` are this stand-in's names for steps out of order. */
function uploaded(parts: Parts, id: string): StoredFile {
  const file = parts.state.files.get(id);
  if (file === undefined) throw new Refused('file_not_found');
  const problem = file.bytes === null ? 'file_not_uploaded' : file.completed ? 'file_already_completed' : undefined;
  if (problem === undefined) return file;
  parts.failures.record('upload', 'files.completeUploadExternal', problem);
  throw new Refused(problem);
}

/** `channel_id` takes conversations only; `channels` takes people as well. */
function targets(parts: Parts, channelId: string | undefined, channels: readonly string[]): readonly Channel[] {
  if (channels.length > MOST_CHANNELS) throw new Refused('invalid_arguments');
  const own = channelId === undefined ? [] : [postingChannel(parts, channelId, false)];
  return [...own, ...channels.map((id) => (/^[UW]/.test(id) ? directWith(parts, id) : postingChannel(parts, id, false)))];
}

const complete = method(
  'files.completeUploadExternal',
  z.object({
    files: embedded(z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1)),
    channel_id: z.string().min(1).optional(),
    channels: listed.optional(),
    initial_comment: z.string().optional(),
    thread_ts: z.string().optional(),
    blocks: embedded(z.array(dict)).optional(),
  }),
  (args, parts) => {
    const files = args.files.map(({ id }) => uploaded(parts, id));
    const channels = targets(parts, args.channel_id, args.channels ?? []);
    const comment = args.initial_comment;
    const blocks: readonly Dict[] = comment === undefined ? (args.blocks ?? []) : [];
    if (comment !== undefined || blocks.length > 0) checkMessage(parts, 'files.completeUploadExternal', { text: comment ?? 'A file', blocks }, 'message');
    files.forEach((file, index) => {
      file.completed = true;
      file.title = args.files[index]?.title ?? file.name;
      for (const channel of channels) file.channelIds.add(channel.id);
    });
    const fileIds = files.map((file) => file.id);
    // Sharing comes after the answer, which therefore carries no ts.
    setImmediate(() => {
      for (const channel of channels)
        post(parts, { channel, userId: parts.state.app.botUserId, text: comment ?? '', blocks, threadTs: args.thread_ts ?? null, fileIds });
    });
    return { files: fileIds.map((id) => fileJson(parts, id)) };
  },
);

function existing(parts: Parts, id: string): StoredFile {
  const file = parts.state.files.get(id);
  if (file === undefined || !file.completed) throw new Refused('file_not_found');
  return file;
}

const info = method('files.info', z.object({ file: z.string().min(1) }), (args, parts) => ({
  file: fileJson(parts, existing(parts, args.file).id),
  comments: [],
  response_metadata: { next_cursor: '' },
}));

const remove = method('files.delete', z.object({ file: z.string().min(1) }), (args, parts) => {
  const file = existing(parts, args.file);
  parts.state.files.delete(file.id);
  for (const channelId of file.channelIds) parts.changes.emit({ is: 'messages', channelId, onlyFor: null });
  return {};
});

/** `files.*` */
export const files: Family = { ...getUploadURL, ...complete, ...info, ...remove };
