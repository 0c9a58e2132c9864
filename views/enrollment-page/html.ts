import { clean } from '../clip.ts';

/** HTML that is safe by construction: whatever is put into a template is text, unless it is `Html` itself. */
export class Html {
  readonly #text: string;

  constructor(parts: readonly string[], values: readonly Filling[]) {
    this.#text = parts.map((part, at) => part + written(values[at] ?? null)).join('');
  }

  toString(): string {
    return this.#text;
  }
}

/** What a template takes. Attributes must be quoted in it: a text can't leave the quotes. */
export type Filling = string | number | Html | readonly Html[] | null;

/** `html`…${anything}…``: markup with its values escaped; null writes nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Filling[]): Html {
  return new Html(parts, values);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

function written(value: Filling): string {
  if (value === null) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return clean(value).replace(/[&<>"'`]/g, (letter) => ENTITIES[letter] ?? '');
  return value.map(written).join('');
}
