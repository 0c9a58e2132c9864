import type { RefObject, VNode } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { Choice, ChoiceSet } from './choice.ts';
import { Listbox, optionId } from './listbox.tsx';
import { Popup } from './popup.tsx';

interface PickerProps {
  /** Already narrowed to what was typed. */
  readonly sets: readonly ChoiceSet[];
  readonly status: string | null;
  readonly chosen: readonly Choice[];
  readonly multiple: boolean;
  readonly most: number;
  readonly clearable: boolean;
  readonly placeholder: string;
  readonly naming: Readonly<Record<string, string | boolean | undefined>>;
  readonly focused: boolean;
  /** The text typed so far: empty when the list opens, null when it closes. */
  readonly onType: (typed: string | null) => void;
  readonly onChange: (chosen: readonly Choice[]) => void;
}

/** What an open or closed list of a picker is doing. */
function usePicker(props: PickerProps, input: RefObject<HTMLInputElement | null>) {
  const { sets, chosen, multiple } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(-1);
  const open = typed !== null;
  const flat = sets.flatMap((set) => set.choices);
  const at = Math.min(active, flat.length - 1);
  const type = (text: string): void => {
    setTyped(text);
    setActive(text === '' ? flat.findIndex((choice) => chosen.some((one) => one.id === choice.id)) : 0);
    props.onType(text);
  };
  const close = (): void => {
    if (!open) return;
    setTyped(null);
    props.onType(null);
  };
  const keepOnly = (remaining: readonly Choice[]): void => {
    props.onChange(remaining);
    input.current?.focus();
  };
  const pick = (choice: Choice): void => {
    const had = chosen.some((one) => one.id === choice.id);
    if (!multiple) {
      close();
      props.onChange([choice]);
    } else if (had) props.onChange(chosen.filter((one) => one.id !== choice.id));
    else if (chosen.length < props.most) props.onChange([...chosen, choice]);
    if (multiple && typed !== '') type('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: PickerMoves = {
      open: () => type(''),
      close,
      move: setActive,
      pick: () => flat[at] !== undefined && pick(flat[at]),
      dropLast: () => multiple && chosen.length > 0 && props.onChange(chosen.slice(0, -1)),
    };
    if (!pickerKey(event, { open, at, last: flat.length - 1, typed: typed ?? '' }, moves)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { typed, open, at, type, close, keepOnly, pick, onKeyDown };
}

/** A combobox for one choice or several (WAI-ARIA combobox with list autocomplete). */
export function Picker(props: PickerProps): VNode {
  const { sets, chosen, multiple, placeholder } = props;
  const listId = useId();
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const { typed, open, at, type, close, keepOnly, pick, onKeyDown } = usePicker(props, input);
  const single = multiple ? undefined : chosen[0];
  const shown = single?.label ?? '';
  return (
    <div class="picker" ref={box}>
      {multiple && <Tokens chosen={chosen} onRemove={(choice) => keepOnly(chosen.filter((one) => one.id !== choice.id))} />}
      <input
        {...props.naming}
        ref={input}
        role="combobox"
        type="text"
        autoComplete="off"
        spellcheck={false}
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open && at >= 0 ? optionId(listId, at) : undefined}
        data-focus={props.focused || undefined}
        placeholder={shown || placeholder}
        value={typed ?? shown}
        onClick={() => (open ? undefined : type(''))}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      {props.clearable && single !== undefined ? (
        <button type="button" class="picker-clear" aria-label={`Clear ${single.label}`} onClick={() => keepOnly([])}>
          ×
        </button>
      ) : (
        <span class="picker-arrow" aria-hidden="true" />
      )}
      {open && (
        <Popup anchor={box} wide>
          <Listbox
            id={listId}
            name={placeholder}
            sets={sets}
            active={at}
            chosenIds={new Set(chosen.map((one) => one.id))}
            multiple={multiple}
            status={props.status}
            onPick={pick}
          />
        </Popup>
      )}
    </div>
  );
}

interface PickerState {
  readonly open: boolean;
  readonly at: number;
  readonly last: number;
  readonly typed: string;
}

interface PickerMoves {
  readonly open: () => void;
  readonly close: () => void;
  readonly move: (to: number) => void;
  readonly pick: () => unknown;
  readonly dropLast: () => unknown;
}

/** True when the key was the list's, and not the input's own. */
function pickerKey(event: KeyboardEvent, { open, at, last, typed }: PickerState, moves: PickerMoves): boolean {
  switch (event.key) {
    case 'ArrowDown':
      if (open) moves.move(at >= last ? 0 : at + 1);
      else moves.open();
      return true;
    case 'ArrowUp':
      if (open) moves.move(at <= 0 ? last : at - 1);
      else moves.open();
      return true;
    case 'Enter':
      if (open) moves.pick();
      else moves.open();
      return true;
    case 'Escape':
      if (open) moves.close();
      return open;
    case 'Backspace':
      if (typed === '') moves.dropLast();
      return false;
    default:
      return false;
  }
}

function Tokens({ chosen, onRemove }: { readonly chosen: readonly Choice[]; readonly onRemove: (choice: Choice) => void }): VNode {
  return (
    <>
      {chosen.map((choice) => (
        <span key={choice.id} class="token">
          {choice.label}
          <button type="button" aria-label={`Remove ${choice.label}`} onClick={() => onRemove(choice)}>
            ×
          </button>
        </span>
      ))}
    </>
  );
}
