import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Somewhere a secret must not be, with what stands there. */
export interface Place {
  readonly name: string;
  readonly text: string;
}

/** Shorter ones would be found everywhere. */
const SHORTEST = 8;

/**
 * Which secrets stand where: each as it is, in JSON, in a URL, in hexadecimal, and inside of base64 wherever it begins
 * there (X6). Names the secret and the place; never the secret.
 */
export function leaksIn(places: Iterable<Place>, secrets: Iterable<readonly [name: string, value: string]>): readonly string[] {
  const wanted = [...secrets].filter(([, value]) => value.length >= SHORTEST).map(([name, value]) => ({ name, forms: formsOf(value) }));
  const found: string[] = [];
  for (const place of places)
    for (const { name, forms } of wanted) for (const [form, text] of forms) if (place.text.includes(text)) found.push(`${name} (${form}) in ${place.name}`);
  return found;
}

function formsOf(secret: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(secret, 'utf8');
  const forms = new Map([
    ['as it is', secret],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in a URL', encodeURIComponent(secret)],
    ['in hexadecimal', bytes.toString('hex')],
  ]);
  for (let at = 0; at < 3; at += 1) {
    // Two or three characters on each side hold bits of the neighbours too.
    const shifted = Buffer.concat([Buffer.alloc(at), bytes])
      .toString('base64')
      .replace(/=+$/, '')
      .slice(at === 0 ? 0 : 4, -3);
    if (shifted.length < SHORTEST) continue;
    forms.set(`in base64 at ${at}`, shifted);
    forms.set(`in base64url at ${at}`, shifted.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}

/** The secrets of the enrollment links in these texts (E3). */
export function linkSecretsIn(texts: readonly string[]): ReadonlyMap<string, string> {
  const found = texts.flatMap((text) => [...text.matchAll(/\/enroll\/([\w-]{43})(?![\w-])/g)].map(([, secret = '']) => secret));
  return new Map([...new Set(found)].map((secret, index) => [`the link of mail ${index + 1}`, secret]));
}

/** Every file below a folder; none where there is no folder. */
export async function filesBelow(folder: string): Promise<readonly Place[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (name) => ({ name, text: await readFile(name, 'latin1').catch(() => '') })));
}

/** The values of a program's environment that are secrets: by their names, each part of a list of keys by itself. */
export function secretsOf(environment: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (!/TOKEN|SECRET|KEY/.test(name) || name === 'USHER_SECRET_REFERENCES' || /FOLDER|ID$/.test(name)) continue;
    for (const [index, part] of value.split(/[,;:\s]+/).entries())
      if (part.length >= SHORTEST) found.set(index === 0 ? name : `${name}, part ${index + 1}`, part);
  }
  return found;
}
