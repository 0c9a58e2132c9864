import type { ControlFile } from './control.ts';
import { newId, secretPart } from './ids.ts';
import type { Dict } from './json.ts';
import type { Parts } from './parts.ts';
import type { StoredFile } from './state.ts';

const MIMETYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  txt: 'text/plain',
  json: 'application/json',
  png: 'image/png',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  zip: 'application/zip',
};

function extensionOf(name: string): string {
  return /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** Step one of an upload: a file without bytes, and the secret of the address that takes them. */
export function announced(parts: Parts, name: string, length: number): StoredFile {
  const mimetype = MIMETYPES[extensionOf(name)] ?? 'application/octet-stream';
  const file: StoredFile = {
    id: newId('F'),
    name,
    title: name,
    length,
    mimetype,
    uploadSecret: secretPart(24),
    bytes: null,
    completed: false,
    channelIds: new Set(),
    createdAt: parts.clock.now(),
    userId: parts.state.app.botUserId,
    external: false,
  };
  parts.state.files.set(file.id, file);
  return file;
}

/** A file that a person put into a form: theirs, in no conversation, whole at once. */
export function putIntoForm(parts: Parts, userId: string, name: string, bytes: Buffer, external: boolean): StoredFile {
  const file: StoredFile = { ...announced(parts, name, bytes.length), userId, external, bytes, completed: true };
  parts.state.files.set(file.id, file);
  return file;
}

/** Slack's file object. `url_private` wants a token with `files:read`. */
export function fileJson(parts: Parts, id: string): Dict | undefined {
  const file = parts.state.files.get(id);
  if (file === undefined) return undefined;
  const name = encodeURIComponent(file.name);
  return {
    id: file.id,
    created: Math.floor(file.createdAt / 1000),
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: extensionOf(file.name),
    user: file.userId,
    size: file.length,
    mode: file.external ? 'external' : 'hosted',
    is_external: file.external,
    external_type: file.external ? 'gdrive' : '',
    channels: [...file.channelIds].filter((channelId) => channelId.startsWith('C')),
    ims: [...file.channelIds].filter((channelId) => channelId.startsWith('D')),
    url_private: `${parts.origin}/files-pri/${file.id}/${name}`,
    url_private_download: `${parts.origin}/files-pri/${file.id}/download/${name}`,
    permalink: `${parts.origin}/files/${file.id}/${name}`,
  };
}

/** The same file as the page shows it. */
export function controlFile(parts: Parts, id: string): ControlFile | undefined {
  const file = parts.state.files.get(id);
  if (file === undefined) return undefined;
  return { id, name: file.name, title: file.title, bytes: file.length, mimetype: file.mimetype, downloadUrl: `/files/${id}/${encodeURIComponent(file.name)}` };
}
