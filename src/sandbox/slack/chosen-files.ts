import type { ControlCalls, ControlValues } from './control.ts';
import { elementsIn } from './elements.ts';
import { fileJson, putIntoForm } from './files.ts';
import { type Dict, dictsOf, isDict, textOf } from './json.ts';
import type { Parts } from './parts.ts';
import type { OpenView } from './state.ts';
import type { Controlled } from './visits.ts';

/** Of one file (reference/block-kit/block-elements/file-input-element). */
const MOST_BYTES = 10_000_000;

/** A person chooses a file in a form. Slack uploads it at once; the app gets its file object with the submission. */
export function choose(parts: Parts, call: ControlCalls['choose']): Controlled {
  const open = (parts.state.stacks.get(call.as) ?? []).at(-1);
  if (open === undefined || open.id !== call.viewId) return { ok: false, error: 'view_not_on_top' };
  const placed = elementsIn(dictsOf(open.view.blocks)).find((one) => one.blockId === call.blockId && one.actionId === call.actionId);
  if (placed?.type !== 'file_input') return { ok: false, error: 'element_not_found' };
  const bytes = Buffer.from(call.content, 'base64');
  const before = filesIn(open.values[call.blockId]?.[call.actionId]);
  const problem = problemOf(placed.element, call.name, bytes.length, before.length);
  if (problem !== undefined) return { ok: false, error: problem };
  const file = putIntoForm(parts, call.as, call.name, bytes, call.external === true);
  const files = [...before, { id: file.id }];
  open.values = { ...open.values, [call.blockId]: { ...open.values[call.blockId], [call.actionId]: { type: 'file_input', files } } };
  parts.changes.emit({ is: 'state', userId: call.as });
  return { ok: true, file: fileJson(parts, file.id) };
}

/** What Slack's client refuses itself. */
function problemOf(element: Dict, name: string, length: number, already: number): string | undefined {
  const types = Array.isArray(element.filetypes) ? element.filetypes.map((type) => textOf(type).toLowerCase()) : [];
  if (types.length > 0 && !types.some((type) => name.toLowerCase().endsWith(`.${type}`))) return 'file_type_not_allowed';
  if (length > MOST_BYTES) return 'file_too_large';
  return already >= (typeof element.max_files === 'number' ? element.max_files : 10) ? 'too_many_files' : undefined;
}

function filesIn(entered: unknown): readonly Dict[] {
  return isDict(entered) ? dictsOf(entered.files) : [];
}

/** What is entered in a view, with Slack's whole object for each chosen file; what is no file of this person falls out. */
export function withWholeFiles(parts: Parts, open: OpenView): ControlValues {
  return Object.fromEntries(
    Object.entries(open.values).map(([blockId, entered]) => [
      blockId,
      Object.fromEntries(
        Object.entries(entered).map(([actionId, value]) => [
          actionId,
          isDict(value) && 'files' in value ? { ...value, files: whole(parts, open, value) } : value,
        ]),
      ),
    ]),
  );
}

function whole(parts: Parts, open: OpenView, value: Dict): readonly Dict[] {
  return dictsOf(value.files).flatMap((named) => {
    const file = parts.state.files.get(textOf(named.id));
    const json = file?.userId === open.userId ? fileJson(parts, file.id) : undefined;
    return json === undefined ? [] : [json];
  });
}
