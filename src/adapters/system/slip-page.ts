import { Transform } from 'node:stream';
import qrcode from 'qrcode-generator';
import type { PrintedSlip } from '../../ports/sheets.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** Nothing is fetched and nothing runs when it is opened; slips are cut along the dashed lines. */
function head(title: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">
<style>
@page { margin: 12mm }
body { font: 11pt/1.4 system-ui, sans-serif; color: #000; background: #fff; margin: 1rem }
h2 { font-size: 13pt; margin: 0 0 4mm }
section + section { break-before: page }
article { display: flex; gap: 8mm; align-items: flex-start; border-bottom: 1px dashed #767676; padding: 5mm 0; break-inside: avoid }
article svg { flex: none; width: 34mm; height: 34mm }
h3 { font-size: 13pt; margin: 0 0 1mm }
p { margin: 0 0 1mm }
code { font: 9pt/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
@media print { h1, .note { display: none } body { margin: 0 } }
</style></head><body>
<h1>${escaped(title)}</h1>
<p class="note">Personal links: whoever has a slip can enroll as its person. Print, cut, hand over; then delete this file.</p>
`;
}

function slip({ name, language, lines, link }: PrintedSlip): string {
  const paragraphs = lines.map((line) => `<p>${escaped(line)}</p>`).join('');
  return `<article>${code(link)}<div><h3>${escaped(name)}</h3><div lang="${escaped(language)}">${paragraphs}</div><code>${escaped(link)}</code></div></article>\n`;
}

/** Of the smallest size that holds it; level M mends 15 % (ISO/IEC 18004), enough for paper. */
function code(link: string): string {
  const made = qrcode(0, 'M');
  made.addData(link);
  made.make();
  return made.createSvgTag({ scalable: true, margin: 4 });
}

/** Slips in, HTML out. */
export function slipPage(title: string): Transform {
  let group: string | null = null;
  return new Transform({
    writableObjectMode: true,
    construct(done) {
      this.push(head(title));
      done();
    },
    transform(next: PrintedSlip, _encoding, done) {
      const heading = next.group === group ? '' : `${group === null ? '' : '</section>\n'}<section><h2>${escaped(next.group)}</h2>\n`;
      group = next.group;
      done(null, heading + slip(next));
    },
    flush(done) {
      done(null, `${group === null ? '' : '</section>\n'}</body></html>\n`);
    },
  });
}
