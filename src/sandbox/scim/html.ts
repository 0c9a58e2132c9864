/** Text that may stand in a page as it is. Only `html` makes it. */
export class Html {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

type Piece = Html | string | number | boolean | null | undefined | readonly Piece[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(piece: Piece): string {
  if (piece instanceof Html) return piece.toString();
  if (Array.isArray(piece)) return piece.map(escaped).join('');
  if (piece === null || piece === undefined || piece === false || piece === true) return '';
  return String(piece).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** A template whose values are escaped, unless they were made by `html` themselves; lists are joined, booleans and null are left out. */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Html {
  return new Html(strings.map((text, index) => text + (index < values.length ? escaped(values[index]) : '')).join(''));
}
