/** Letters that Unicode does not split into a base letter and an accent. */
const WHOLE: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ı: 'i', '’': "'", ʼ: "'" };

/** Text for comparing by eye: case and accents ignored (C4, D6). `Łucja Nuñez` and `lucja nunez` fold to the same. */
export function fold(text: string): string {
  // Most of what is folded is ASCII, which only letter case can change.
  if (/^[\x20-\x7e\n]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[ßæœøđðþłħı’ʼ]/g, (letter) => WHOLE[letter] ?? letter);
}

/** True when every word of `typed` is part of the text (C4, D6). No words match everything. */
export function holdsWords(foldedText: string, typed: readonly string[]): boolean {
  return typed.every((word) => foldedText.includes(word));
}

/** The words of what was typed, folded. */
export function wordsOf(typed: string): readonly string[] {
  return fold(typed)
    .split(/\s+/)
    .filter((word) => word !== '');
}
