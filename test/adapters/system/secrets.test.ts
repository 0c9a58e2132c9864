import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSecrets, referenceProblem, type SecretsOptions } from '../../../src/adapters/system/secrets.ts';
import { SecretFault } from '../../../src/ports/secrets.ts';

let base = '';
let folder = '';
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'usher-secrets-test-'));
  folder = join(base, 'secrets');
  await mkdir(join(folder, '..data'), { recursive: true });
  await writeFile(join(folder, 'zoom'), 'the-zoom-token\n');
  await writeFile(join(folder, 'empty'), '\n');
  await writeFile(join(folder, 'huge'), 'x'.repeat(70_000));
  await writeFile(join(folder, '..data', 'mounted'), 'the-mounted-token');
  await symlink(join('..data', 'mounted'), join(folder, 'mounted'));
  await writeFile(join(base, 'outside'), 'not yours');
  await symlink(join('..', 'outside'), join(folder, 'sneaky'));
  await symlink(base, join(folder, 'folder'));
});
afterAll(() => rm(base, { recursive: true }));

const KEY = { id: 'k1', key: randomBytes(32) };
function make(options: Partial<SecretsOptions> = {}) {
  return createSecrets({ key: KEY, olderKeys: [], references: [], environment: {}, folder, ...options });
}
const referenced = (name: string, hosts: readonly string[] = ['api.zoom.us']) =>
  make({ references: [{ name, hosts }], environment: { USHER_SECRET_ZOOM: 'the-env-token', OTHER: 'x' } });
const reveal = (name: string, host = 'api.zoom.us', hosts?: readonly string[]) => referenced(name, hosts).reveal({ is: 'reference', name }, 'c1', host);

describe('a sealed secret', () => {
  it('X6 opens for its own connector, and is not to be read in its box', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 8, unit: 'grapheme' }), fc.string(), async (secret, context) => {
        const sealed = make().seal(secret, context);
        expect(JSON.stringify(sealed)).not.toContain(secret);
        expect(await make().reveal(sealed, context, 'any.example')).toBe(secret);
      }),
    );
  });

  it('X6 is another box each time', () => {
    expect(make().seal('secret', 'c1')).not.toEqual(make().seal('secret', 'c1'));
  });

  it('X6 does not open for another connector', async () => {
    await expect(make().reveal(make().seal('secret', 'c1'), 'c2', 'any.example')).rejects.toThrow(SecretFault);
  });

  it('X6 does not open when any character of it was altered', async () => {
    const { box } = make().seal('secret', 'c1') as { box: string };
    await fc.assert(
      fc.asyncProperty(fc.nat(box.length - 1), fc.constantFrom('A', 'b', '.', '9'), async (at, letter) => {
        fc.pre(box[at] !== letter);
        const altered = box.slice(0, at) + letter + box.slice(at + 1);
        // The last letter of base64url may hold bits that mean nothing.
        fc.pre(
          Buffer.from(altered.split('.')[2] ?? '', 'base64url').compare(Buffer.from(box.split('.')[2] ?? '', 'base64url')) !== 0 || at < box.lastIndexOf('.'),
        );
        await expect(make().reveal({ is: 'sealed', box: altered }, 'c1', 'any.example')).rejects.toThrow(SecretFault);
      }),
    );
  });

  it('X6 opens with an older key after a rotation, and says which key is missing without it', async () => {
    const sealed = make().seal('secret', 'c1');
    const key = { id: 'k2', key: randomBytes(32) };
    expect(await make({ key, olderKeys: [KEY] }).reveal(sealed, 'c1', 'any.example')).toBe('secret');
    await expect(make({ key }).reveal(sealed, 'c1', 'any.example')).rejects.toThrow('“k1”');
    expect(make({ key, olderKeys: [KEY] }).seal('secret', 'c1')).toEqual({ is: 'sealed', box: expect.stringMatching(/^v1\.k2\./) });
  });

  it('X6 needs keys of 32 bytes with ids of their own', () => {
    expect(() => make({ key: { id: 'k', key: randomBytes(16) } })).toThrow('32 bytes');
    expect(() => make({ key: { id: 'a.b', key: randomBytes(32) } })).toThrow('a.b');
    expect(() => make({ olderKeys: [{ id: 'k1', key: randomBytes(32) }] })).toThrow('same id');
  });
});

describe('a referenced secret', () => {
  it('C6 is read from the environment or the folder, without the line break at its end', async () => {
    expect(await reveal('env:USHER_SECRET_ZOOM')).toBe('the-env-token');
    expect(await reveal('file:zoom')).toBe('the-zoom-token');
    expect(await reveal('file:mounted')).toBe('the-mounted-token');
  });

  it('C6 goes only to the hosts that it is bound to', async () => {
    await expect(reveal('env:USHER_SECRET_ZOOM', 'evil.example')).rejects.toThrow('may not be sent to evil.example');
    await expect(reveal('env:USHER_SECRET_ZOOM', 'api.zoom.us.evil.example')).rejects.toThrow(SecretFault);
    await expect(reveal('env:USHER_SECRET_ZOOM', 'api.zoom.us:8443')).rejects.toThrow(SecretFault);
    await expect(reveal('env:USHER_SECRET_ZOOM', 'zoom.us')).rejects.toThrow(SecretFault);
    await expect(reveal('env:USHER_SECRET_ZOOM', 'api.zoom.us', [])).rejects.toThrow('no host');
    expect(await reveal('env:USHER_SECRET_ZOOM', 'API.zoom.us:443')).toBe('the-env-token');
    expect(await reveal('env:USHER_SECRET_ZOOM', '127.0.0.1:8801', ['127.0.0.1:8801'])).toBe('the-env-token');
  });

  it('C6 must be named by the configuration', async () => {
    await expect(referenced('file:zoom').reveal({ is: 'reference', name: 'env:USHER_SECRET_ZOOM' }, 'c1', 'api.zoom.us')).rejects.toThrow(
      'allows no secret named',
    );
    expect(referenced('file:zoom').references()).toEqual([{ name: 'file:zoom', hosts: ['api.zoom.us'] }]);
  });

  it.each([
    'env:OTHER',
    'env:USHER_SECRET_',
    'env:usher_secret_x',
    'env:HOME',
    'file:',
    'file:../outside',
    'file:/etc/passwd',
    'file:a/b',
    'file:.hidden',
    'file:..',
    'zoom',
    'env:USHER_SECRET_A\n',
  ])('C6 can’t be named %j', (name) => {
    expect(referenceProblem(name)).toContain('no secret’s name'.replace('’', "'"));
    expect(() => referenced(name)).toThrow('no secret');
  });

  it.each(['file:sneaky', 'file:folder', 'file:missing', 'file:empty', 'file:huge', 'env:USHER_SECRET_UNSET'])(
    'C6 %s is a fault that says what to do and holds no secret',
    async (name) => {
      const fault = await reveal(name).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(SecretFault);
      expect(String(fault)).toContain('operator');
      expect(String(fault)).not.toContain('not yours');
    },
  );

  it('C6 needs a folder', async () => {
    const secrets = make({ folder: null, references: [{ name: 'file:zoom', hosts: ['api.zoom.us'] }] });
    await expect(secrets.reveal({ is: 'reference', name: 'file:zoom' }, 'c1', 'api.zoom.us')).rejects.toThrow('no secrets folder');
  });
});
