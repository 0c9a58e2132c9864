import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Choice, ChoiceSet } from './choice.ts';

interface ListboxProps {
  readonly id: string;
  readonly name: string;
  readonly sets: readonly ChoiceSet[];
  readonly active: number;
  readonly chosenIds: ReadonlySet<string>;
  readonly multiple: boolean;
  /** Said in place of, or below, the choices: searching, nothing found. */
  readonly status: string | null;
  readonly onPick: (choice: Choice) => void;
}

/** The id of the option at this place of the flattened list, for `aria-activedescendant`. */
export function optionId(listId: string, at: number): string {
  return `${listId}-${at}`;
}

/** The open list of a combobox (ARIA listbox pattern): the focus stays in the input, `active` moves. */
export function Listbox({ id, name, sets, active, chosenIds, multiple, status, onPick }: ListboxProps): VNode {
  let at = -1;
  const options = sets.map((set, index) => (
    <SetOfOptions key={set.label ?? index} label={set.label} id={`${id}-set${index}`}>
      {set.choices.map((choice) => {
        at += 1;
        return <Option key={choice.id} id={optionId(id, at)} choice={choice} active={at === active} chosen={chosenIds.has(choice.id)} onPick={onPick} />;
      })}
    </SetOfOptions>
  ));
  return (
    <>
      <div role="listbox" id={id} aria-label={name} aria-multiselectable={multiple || undefined} class="listbox">
        {options}
      </div>
      {status !== null && (
        <div role="status" class="listbox-status">
          {status}
        </div>
      )}
    </>
  );
}

function SetOfOptions({ label, id, children }: { readonly label: string | null; readonly id: string; readonly children: VNode[] }): VNode {
  if (label === null) return <>{children}</>;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a listbox may hold groups of options, and no fieldset.
    <div role="group" aria-labelledby={id}>
      <div id={id} class="option-set">
        {label}
      </div>
      {children}
    </div>
  );
}

interface OptionProps {
  readonly id: string;
  readonly choice: Choice;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly onPick: (choice: Choice) => void;
}

function Option({ id, choice, active, chosen, onPick }: OptionProps): VNode {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (active) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the combobox's that owns the list; an option never has the focus.
    <div ref={ref} id={id} role="option" tabIndex={-1} aria-selected={chosen} class={active ? 'option option-active' : 'option'} onClick={() => onPick(choice)}>
      <span class="option-check" aria-hidden="true">
        {chosen ? '✓' : ''}
      </span>
      <span>
        {choice.label}
        {choice.description !== null && <span class="option-description">{choice.description}</span>}
      </span>
    </div>
  );
}
