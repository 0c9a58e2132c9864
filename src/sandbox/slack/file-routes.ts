import busboy from 'busboy';
import express, { type Request, type Router } from 'express';
import { type Answer, answering, plain } from './answering.ts';
import { textOf } from './json.ts';
import type { Parts } from './parts.ts';
import type { StoredFile } from './state.ts';

async function collected(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The bytes of an upload: the body itself, or the one file of a multipart form. */
async function bytesOf(request: Request): Promise<Buffer> {
  if (!(request.headers['content-type'] ?? '').startsWith('multipart/form-data')) return collected(request);
  const parts: Promise<Buffer>[] = [];
  await new Promise<void>((resolve, reject) => {
    const form = busboy({ headers: request.headers });
    form.on('file', (_name, stream) => parts.push(collected(stream)));
    form.on('close', resolve);
    form.on('error', reject);
    request.pipe(form);
  });
  return Buffer.concat(await Promise.all(parts));
}

function take(parts: Parts, file: StoredFile, bytes: Buffer): Answer {
  const problem =
    file.bytes !== null ? 'uploaded twice' : bytes.length !== file.length ? `${bytes.length} bytes came, ${file.length} were announced` : undefined;
  if (problem !== undefined) {
    parts.failures.record('upload', 'upload', problem);
    return { status: 400, body: { ok: false, error: problem }, headers: {} };
  }
  file.bytes = bytes;
  return plain({ ok: true, size: bytes.length });
}

/** `/upload/v1/<secret>`: step two of an upload, raw or multipart, of exactly the announced length. */
export function uploadRoutes(parts: Parts): Router {
  const router = express.Router();
  router.post('/v1/:secret', async (request, response) => {
    const file = [...parts.state.files.values()].find((one) => one.uploadSecret === request.params.secret);
    if (file === undefined) {
      parts.failures.record('upload', 'upload', 'no such address');
      response.status(404).end();
      return;
    }
    const bytes = await bytesOf(request);
    await answering(parts, response, 'upload', { file: file.id, length: bytes.length }, () => take(parts, file, bytes));
  });
  return router;
}

/** `/files-pri/<id>/…`: for tokens with `files:read`; everybody else gets the sign-in page with HTTP 200, as Slack does. */
export function privateFileRoutes(parts: Parts): Router {
  const router = express.Router();
  router.get('/:id/*rest', (request, response) => {
    const file = parts.state.files.get(request.params.id);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token !== parts.settings.botToken || !parts.settings.scopes.has('files:read')) {
      response.type('html').send('<!doctype html><title>Slack</title><p>Sign in to your workspace</p>');
      return;
    }
    const mishap = parts.faults.take('download', { file: request.params.id });
    const gone = file?.bytes === undefined || file.bytes === null || !file.completed || file.external;
    const status = mishap !== undefined && 'status' in mishap ? mishap.status : gone ? 404 : 200;
    parts.calls.record({ method: 'download', args: { file: request.params.id }, answer: {}, status, at: parts.clock.now() });
    if (mishap !== undefined && 'drop' in mishap) {
      // What was promised does not come.
      response.type('text/csv').set('content-length', String(file?.length ?? 1));
      if (mishap.drop === 'after') response.write(file?.bytes?.subarray(0, file.length >> 1));
      response.destroy();
    } else if (status !== 200 || gone) response.status(status).end();
    else response.type(file.mimetype).send(file.bytes);
  });
  return router;
}

/** `/files/<id>/<name>`: downloads for the page. */
export function pageFileRoutes(parts: Parts): Router {
  const router = express.Router();
  router.get('/:id/:name', (request, response) => {
    const file = parts.state.files.get(textOf(request.params.id));
    if (file?.bytes === undefined || file.bytes === null || !file.completed) {
      response.status(404).end();
      return;
    }
    response.set('content-security-policy', "default-src 'none'; sandbox").attachment(file.name).type(file.mimetype).send(file.bytes);
  });
  return router;
}
