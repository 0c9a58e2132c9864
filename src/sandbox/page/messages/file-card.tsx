import type { VNode } from 'preact';
import type { ControlFile } from '../../slack/control.ts';

/** A file with what it is, how big, and the way to get it. */
export function FileCard({ file }: { readonly file: ControlFile }): VNode {
  const extension = /\.([a-z0-9]{1,5})$/i.exec(file.name)?.[1]?.toUpperCase() ?? 'FILE';
  return (
    <div class="file">
      <span class="file-kind" aria-hidden="true">
        {extension}
      </span>
      <span class="file-words">
        <span class="file-name">{file.title || file.name}</span>
        <span class="note">
          {file.title && file.title !== file.name ? `${file.name} · ` : ''}
          {sizeInWords(file.bytes)}
        </span>
      </span>
      <a class="button" href={file.downloadUrl} download={file.name} aria-label={`Download ${file.name}`}>
        Download
      </a>
    </div>
  );
}

/** 1,234 bytes as `1.2 kB`: decimal units, as operating systems and Slack show them. */
function sizeInWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const amount = bytes / 1000 ** step;
  return `${step === 0 ? amount : amount.toFixed(amount < 10 ? 1 : 0)} ${units[step]}`;
}
