import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { SecretFault, type Secrets } from '../../ports/secrets.ts';
import { fileNameOf, readSecretFile } from './secret-file.ts';

/** 32 bytes, and the name by which a box says that it was sealed with them: letters, digits, `-` and `_`. */
export interface SealingKey {
  readonly id: string;
  readonly key: Buffer;
}

export interface SecretsOptions {
  /** Seals; and opens. */
  readonly key: SealingKey;
  /** Only open: what was sealed before a rotation. */
  readonly olderKeys: readonly SealingKey[];
  /** `env:USHER_SECRET_…` or `file:…`, each with the hosts that it may be sent to (`host` or `host:port`). */
  readonly references: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where `file:` references lie; null where there is no such folder. */
  readonly folder: string | null;
}

const ALGORITHM = 'aes-256-gcm';
const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ENVIRONMENT_NAME = /^env:(USHER_SECRET_[A-Z0-9_]+)$/;
/** Usher's own settings, which no reference may send anywhere. */
const OWN = /^USHER_SECRET_(KEY|KEY_ID|OLD_KEYS|REFERENCES)$/;

/** What is wrong with a reference's name, in words for the operator; null when nothing is. For configuration to report. */
export function referenceProblem(name: string): string | null {
  const variable = ENVIRONMENT_NAME.exec(name)?.[1];
  if (variable !== undefined && OWN.test(variable)) return `${name} is Usher’s own: no target may be sent it`;
  if (variable !== undefined || fileNameOf(name) !== null) return null;
  return `“${name}” is no secret's name: write env:USHER_SECRET_… (capitals, digits, _) or file:<name> of a file in the secrets folder`;
}

/** The version and key id are bound in with the context, so a box can be passed off neither as another's nor as another key's. */
function associatedData(keyId: string, context: string): Buffer {
  return Buffer.from(JSON.stringify(['usher secret', VERSION, keyId, context]));
}

function checkedKeys(options: SecretsOptions): ReadonlyMap<string, Buffer> {
  const keys = [options.key, ...options.olderKeys];
  for (const { id, key } of keys) {
    if (!/^[\w-]+$/.test(id)) throw new Error(`the id of an encryption key may hold letters, digits, - and _ only, not “${id}”`);
    if (key.length !== 32) throw new Error(`the encryption key “${id}” must be 32 bytes, but is ${key.length}`);
  }
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  if (byId.size < keys.length) throw new Error('two encryption keys have the same id');
  return byId;
}

function seal({ id, key }: SealingKey, secret: string, context: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(associatedData(id, context));
  const sealed = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, id, sealed.toString('base64url')].join('.');
}

const DAMAGED = 'The stored token does not open: it is damaged or was sealed for another connector. Enter the token again.';

function open(keys: ReadonlyMap<string, Buffer>, box: string, context: string): string {
  const [version, id, text] = box.split('.');
  if (version !== VERSION || id === undefined || text === undefined) throw new SecretFault(DAMAGED);
  const key = keys.get(id);
  if (key === undefined)
    throw new SecretFault(
      `The stored token was sealed with the key “${id}”, which is not configured. Add it to USHER_SECRET_OLD_KEYS, or enter the token again.`,
    );
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length < IV_BYTES + TAG_BYTES) throw new SecretFault(DAMAGED);
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(associatedData(id, context))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    throw new SecretFault(DAMAGED);
  }
}

/** `host` or `host:port` as `URL.host` spells it for https: lower case, without the default port. */
function normalHost(host: string): string {
  return host.trim().toLowerCase().replace(/:443$/, '');
}

/** The `Secrets` port. Throws at once where a key or a reference is misconfigured. */
export function createSecrets(options: SecretsOptions): Secrets {
  const keys = checkedKeys(options);
  const problems = options.references.map(({ name }) => referenceProblem(name)).filter((problem) => problem !== null);
  if (problems.length > 0) throw new Error(problems.join('; '));

  async function readReference(name: string): Promise<string> {
    const variable = ENVIRONMENT_NAME.exec(name)?.[1];
    const secret = variable === undefined ? await readSecretFile(options.folder, name) : options.environment[variable]?.trim();
    if (secret === undefined || secret === '') throw new SecretFault(`The secret ${name} is empty or not set where Usher runs. Ask its operator to set it.`);
    return secret;
  }

  return {
    keyId: options.key.id,
    seal: (secret, context) => ({ is: 'sealed', box: seal(options.key, secret, context) }),
    sealedWith(box, context) {
      open(keys, box, context);
      return box.split('.')[1] ?? '';
    },
    reseal: (box, context) => ({ is: 'sealed', box: seal(options.key, open(keys, box, context), context) }),
    references: () => options.references,
    async reveal(source, context, host) {
      if (source.is === 'erased') throw new SecretFault('The secret was erased when the connector was disconnected. Give a new one to reconnect it.');
      if (source.is === 'sealed') return open(keys, source.box, context);
      const reference = options.references.find(({ name }) => name === source.name);
      if (reference === undefined)
        throw new SecretFault(`The configuration allows no secret named ${source.name}. Choose another, or ask the operator to add it.`);
      if (!reference.hosts.some((bound) => normalHost(bound) === normalHost(host))) {
        throw new SecretFault(
          `The secret ${source.name} may not be sent to ${host}; the configuration binds it to ${reference.hosts.join(', ') || 'no host'}.`,
        );
      }
      return readReference(source.name);
    },
  };
}
