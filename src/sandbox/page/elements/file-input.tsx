import type { FileInput } from '@slack/types';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../state/api.ts';
import { spokenError } from '../state/spoken.ts';
import { useSurface } from '../state/surface.tsx';
import type { ChosenFile } from '../state/values.ts';
import { useWorkspace } from '../state/workspace.tsx';
import { naming, usePlacement, useValue } from './context.ts';

/** Base64 without the `data:` prefix. */
function contentOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(new Error('The file can’t be read.'));
    reader.readAsDataURL(file);
  });
}

/** A file goes up as soon as it is chosen, as in Slack; the form then holds its file object. */
export function FileInputElement({ element }: { readonly element: FileInput }): VNode {
  const placement = usePlacement();
  const { container } = useSurface();
  const { state, tell } = useWorkspace();
  const { value, keep } = useValue(element);
  const [sending, setSending] = useState(false);
  const files = value?.files ?? [];
  const most = element.max_files ?? 10;
  const hold = (next: readonly ChosenFile[]): void => keep({ type: element.type, files: next });
  const add = async (chosen: readonly File[]): Promise<void> => {
    if (container.is !== 'modal') return;
    setSending(true);
    let held = files;
    for (const file of chosen) {
      const where = { as: state.me.id, viewId: container.viewId, blockId: placement.block, actionId: element.action_id ?? '' };
      const answer = await call('choose', { ...where, name: file.name, content: await contentOf(file) });
      if (answer.ok) held = [...held, answer.body.file as ChosenFile];
      else tell(spokenError(answer.error) ?? answer.error);
    }
    setSending(false);
    hold(held);
  };
  return (
    <div class="files">
      {files.map((file) => (
        <span key={file.id} class="note">
          {file.name} ({file.size} bytes){' '}
          <button type="button" class="button" aria-label={`Remove ${file.name}`} onClick={() => hold(files.filter((one) => one.id !== file.id))}>
            ×
          </button>
        </span>
      ))}
      <input
        {...naming(placement, 'File')}
        type="file"
        multiple={most > 1}
        accept={element.filetypes?.map((type) => `.${type}`).join(',')}
        disabled={sending || files.length >= most}
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          void add(chosen.slice(0, most - files.length));
        }}
      />
    </div>
  );
}
