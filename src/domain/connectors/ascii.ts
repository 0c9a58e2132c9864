/** Letters that Unicode's decomposition (NFKD) leaves alone: Latin ones first, then basic Cyrillic and Greek. */
const SPELLED: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', ẞ: 'SS', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', đ: 'd', Đ: 'D', ð: 'd', Ð: 'D', þ: 'th', Þ: 'Th', ł: 'l', Ł: 'L', ħ: 'h', Ħ: 'H' },
  ...{ ı: 'i', ŋ: 'n', Ŋ: 'N', ŧ: 't', Ŧ: 'T', ə: 'a', Ə: 'A', ƒ: 'f', ĸ: 'k', '’': "'", '‘': "'", ʼ: "'", '–': '-', '—': '-', '“': '"', '”': '"' },
  ...{ а: 'a', б: 'b', в: 'v', г: 'g', ґ: 'g', д: 'd', е: 'e', є: 'ie', ж: 'zh', з: 'z', и: 'i', і: 'i', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p' },
  ...{ р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya', ђ: 'dj' },
  ...{ ј: 'j', љ: 'lj', њ: 'nj', ћ: 'c', џ: 'dz', ѕ: 'dz' },
  ...{ α: 'a', β: 'v', γ: 'g', δ: 'd', ε: 'e', ζ: 'z', η: 'i', θ: 'th', ι: 'i', κ: 'k', λ: 'l', μ: 'm', ν: 'n', ξ: 'x', ο: 'o', π: 'p', ρ: 'r', σ: 's' },
  ...{ ς: 's', τ: 't', υ: 'y', φ: 'f', χ: 'ch', ψ: 'ps', ω: 'o' },
};

const PLAIN = /^[\x20-\x7e]*$/;

function spell(letter: string): string {
  const own = SPELLED[letter];
  if (own !== undefined) return own;
  const small = SPELLED[letter.toLowerCase()];
  return small === undefined ? '' : small.charAt(0).toUpperCase() + small.slice(1);
}

/**
 * The text in ASCII letters: accents go (`Sørensen` becomes `Sorensen`), Latin, Cyrillic and Greek letters are spelled out,
 * and characters of other scripts are dropped.
 */
export function toAscii(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, spell);
}
