/** Words, or a link; the text is as people wrote it. */
export interface Run {
  readonly text: string;
  readonly url: string | null;
}
export type Paragraph = { readonly is: 'words'; readonly runs: readonly Run[] } | { readonly is: 'button'; readonly url: string };

export interface Page {
  readonly language: string;
  readonly title: string;
  readonly heading: string;
  readonly subheading: string;
  readonly test: string | null;
  readonly paragraphs: readonly Paragraph[];
  readonly button: string;
  readonly copy: string;
  readonly footer: string;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
/** Mail clients keep styles on elements; those that know more get the dark colours and the narrow screen by these classes. */
const STYLES = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.ground{background:#17181b!important}.card{background:#202226!important;border-color:#363940!important}.ink{color:#ececee!important}.soft{color:#a6a9b2!important}.link{color:#7cc0ee!important}.press{background:#7cc0ee!important}.press a{color:#0e2231!important}.test{background:#3a2f14!important;color:#fde68a!important}}
@media (max-width:600px){.card td.inside{padding:24px 20px!important}.card td.test{padding:12px 20px!important}}`;

/**
 * A mail's HTML: tables and styles on elements for the clients that know nothing else, no picture, no script, nothing
 * that is fetched; one column of 560 px that fits a phone; contrast of WCAG AA in light and dark.
 */
export function page({ language, title, heading, subheading, test, paragraphs, button, copy, footer }: Page): string {
  const banner =
    test === null
      ? ''
      : `<tr><td class="test" style="padding:12px 32px;background:#fef3c7;color:#713f12;${FONT};font-size:14px;line-height:20px;border-radius:12px 12px 0 0">${escaped(test)}</td></tr>`;
  return `<!DOCTYPE html>
<html lang="${escaped(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no"><title>${escaped(title)}</title>
<style>${STYLES}</style></head>
<body class="ground" style="margin:0;padding:0;background:#f6f5f2">
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f6f5f2"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;background:#ffffff;border:1px solid #dcdad4;border-radius:12px">
${banner}<tr><td class="inside" style="padding:32px;text-align:left">
<p class="soft" style="margin:0 0 2px;${FONT};font-size:14px;line-height:20px;color:#5d6068">${escaped(subheading)}</p>
<h1 class="ink" style="margin:0 0 20px;${FONT};font-size:22px;line-height:28px;font-weight:600;color:#1e1f22">${escaped(heading)}</h1>
${paragraphs.map((paragraph) => (paragraph.is === 'button' ? press(paragraph.url, button, copy) : words(paragraph.runs))).join('\n')}
</td></tr></table>
<p class="soft" style="max-width:560px;margin:16px auto 0;${FONT};font-size:13px;line-height:18px;color:#5d6068;text-align:center">${escaped(footer)}</p>
</td></tr></table></body></html>
`;
}

function words(runs: readonly Run[]): string {
  const inside = runs.map(({ text, url }) => (url === null ? escaped(text).replaceAll('\n', '<br>') : anchor(url))).join('');
  return `<p class="ink" style="margin:0 0 16px;${FONT};font-size:16px;line-height:24px;color:#1e1f22">${inside}</p>`;
}

function anchor(url: string): string {
  return `<a class="link" href="${escaped(url)}" style="color:#1f5f8b;word-break:break-all">${escaped(url)}</a>`;
}

function press(url: string, label: string, copy: string): string {
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 16px"><tr><td class="press" align="center" style="border-radius:8px;background:#1f5f8b"><a href="${escaped(url)}" style="display:inline-block;padding:14px 28px;${FONT};font-size:16px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none">${escaped(label)}</a></td></tr></table>
<p class="soft" style="margin:0 0 20px;${FONT};font-size:13px;line-height:20px;color:#5d6068">${escaped(copy)}<br>${anchor(url)}</p>`;
}
