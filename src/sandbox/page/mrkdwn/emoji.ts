import shortcodes from 'emoji-name-map/lib/datasource.json' with { type: 'json' };

/** Names that Slack knows besides those of the kept list (iamcal's short names). */
const aliases: Readonly<Record<string, string>> = { thumbsup: '+1', thumbsdown: '-1', check: 'heavy_check_mark', slightly_smiling: 'slightly_smiling_face' };

const glyphs = new Map<string, string>(Object.entries(shortcodes));

/** The glyph of a shortcode without its colons (`white_check_mark`), or null when there is none of that name. */
export function emojiGlyph(name: string): string | null {
  return glyphs.get(aliases[name] ?? name) ?? null;
}

const shortcode = /:([a-z0-9_+-]+)(?::skin-tone-\d)?:/g;

/** Replaces every known shortcode in a plain text. */
export function withEmoji(text: string): string {
  return text.replace(shortcode, (whole, name: string) => emojiGlyph(name) ?? whole);
}
