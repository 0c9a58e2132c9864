/** `p…@example.org`: as an address is shown where it was mailed to (E6). What is no address is `…`. */
export function masked(address: string): string {
  const at = address.lastIndexOf('@');
  if (at <= 0) return '…';
  const [first = ''] = address;
  return `${first}…${address.slice(at)}`;
}

/** A server's words without addresses, which servers like to repeat: each is masked, and where `address` is given its local part too. One line, 200 characters at most. */
export function withoutAddresses(words: string, address: string | null): string {
  const short = words
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, 1_000);
  const maskedWords = short.replace(/[^\s<>()[\]"',;:]+@[^\s<>()[\]"',;:]+/g, masked);
  const local = address?.slice(0, Math.max(0, address.lastIndexOf('@'))) ?? '';
  // A shorter one would be found in the middle of ordinary words.
  const told = local.length < 3 ? maskedWords : maskedWords.split(new RegExp(literal(local), 'giu')).join('…');
  return told.length > 200 ? `${told.slice(0, 199)}…` : told;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
