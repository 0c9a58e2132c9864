import type { MultiExternalSelect, MultiSelect, MultiStaticSelect, PlainTextOption, Select, StaticSelect, ExternalSelect } from '@slack/types';
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { OptionSet } from '../blocks/shapes.ts';
import type { ElementValue } from '../state/values.ts';
import { useWorkspace } from '../state/workspace.tsx';
import { type Choice, type ChoiceSet, choiceOf, choiceSets, matching } from './choice.ts';
import { naming, usePlacement, useValue } from './context.ts';
import { Picker } from './picker.tsx';
import { useSuggestions } from './suggestions.ts';
import { idsIn, type Kind, knownChoices, withIds } from './known.ts';

type AnySelect = Select | MultiSelect;
type OptionSelect = StaticSelect | MultiStaticSelect | ExternalSelect | MultiExternalSelect;

/** Any select of Block Kit. */
export function SelectElement({ element }: { readonly element: AnySelect }): VNode {
  switch (element.type) {
    case 'static_select':
    case 'multi_static_select':
      return <StaticOptions element={element} />;
    case 'external_select':
    case 'multi_external_select':
      return <ExternalOptions element={element} />;
    case 'users_select':
    case 'multi_users_select':
      return <KnownIds element={element} kind="user" />;
    case 'channels_select':
    case 'multi_channels_select':
      return <KnownIds element={element} kind="channel" />;
    case 'conversations_select':
    case 'multi_conversations_select':
      return <KnownIds element={element} kind="conversation" />;
  }
}

function StaticOptions({ element }: { readonly element: StaticSelect | MultiStaticSelect }): VNode {
  const [typed, setTyped] = useState('');
  const sets: readonly OptionSet[] = element.option_groups?.map((group) => ({ label: group.label.text, options: group.options })) ?? [
    { label: null, options: element.options ?? [] },
  ];
  const narrowed = matching(choiceSets(sets), typed);
  return (
    <OfOptions
      element={element}
      options={sets.flatMap((set) => set.options)}
      sets={narrowed}
      status={narrowed.some((set) => set.choices.length > 0) ? null : 'Nothing matches.'}
      onType={(text) => setTyped(text ?? '')}
    />
  );
}

function ExternalOptions({ element }: { readonly element: ExternalSelect | MultiExternalSelect }): VNode {
  const { sets, status, onType } = useSuggestions(element.action_id ?? '', element.min_query_length ?? 3);
  return <OfOptions element={element} options={sets.flatMap((set) => set.options)} sets={choiceSets(sets)} status={status} onType={onType} />;
}

interface OfOptionsProps {
  readonly element: OptionSelect;
  readonly options: readonly PlainTextOption[];
  readonly sets: readonly ChoiceSet[];
  readonly status: string | null;
  readonly onType: (typed: string | null) => void;
}

/** A select whose value is options, whole. */
function OfOptions({ element, options, sets, status, onType }: OfOptionsProps): VNode {
  const { value } = useValue(element);
  const held = (value?.selected_option ? [value.selected_option] : (value?.selected_options ?? [])) as readonly PlainTextOption[];
  const byId = new Map([...options, ...held].map((option) => [choiceOf(option).id, option]));
  const toValue = (chosen: readonly Choice[]): ElementValue => {
    const picked = chosen.flatMap(({ id }) => byId.get(id) ?? []);
    return element.type.startsWith('multi_') ? { type: element.type, selected_options: picked } : { type: element.type, selected_option: picked[0] ?? null };
  };
  return <Field element={element} chosen={held.map(choiceOf)} sets={sets} status={status} onType={onType} toValue={toValue} />;
}

/** A select whose value is ids of people or channels. */
function KnownIds({ element, kind }: { readonly element: AnySelect; readonly kind: Kind }): VNode {
  const workspace = useWorkspace();
  const [typed, setTyped] = useState('');
  const { value } = useValue(element);
  const all = knownChoices(workspace, kind, element);
  const sets = matching([{ label: null, choices: all }], typed);
  const chosen = idsIn(value).map((id) => all.find((choice) => choice.id === id) ?? { id, label: workspace.nameOf(id) ?? id, description: null });
  return (
    <Field
      element={element}
      chosen={chosen}
      sets={sets}
      status={sets.length > 0 ? null : 'Nothing matches.'}
      onType={(text) => setTyped(text ?? '')}
      toValue={(next) =>
        withIds(
          element.type,
          kind,
          next.map((choice) => choice.id),
        )
      }
    />
  );
}

interface FieldProps {
  readonly element: AnySelect;
  readonly chosen: readonly Choice[];
  readonly sets: readonly ChoiceSet[];
  readonly status: string | null;
  readonly onType: (typed: string | null) => void;
  readonly toValue: (chosen: readonly Choice[]) => ElementValue;
}

/** A select for several sends its action once, when its list closes; a select for one sends it at the choice. */
function Field({ element, chosen, sets, status, onType, toValue }: FieldProps): VNode {
  const placement = usePlacement();
  const { change, keep, send } = useValue(element);
  const waiting = useRef<ElementValue | null>(null);
  const open = useRef(false);
  const multiple = element.type.startsWith('multi_');
  const onChange = (next: readonly Choice[]): void => {
    const value = toValue(next);
    if (!multiple || !placement.dispatches || !open.current) void change(value);
    else {
      keep(value);
      waiting.current = value;
    }
  };
  const typed = (text: string | null): void => {
    open.current = text !== null;
    onType(text);
    if (text !== null || waiting.current === null) return;
    void send(waiting.current);
    waiting.current = null;
  };
  const placeholder = element.placeholder?.text ?? (multiple ? 'Select some' : 'Select one');
  const most = 'max_selected_items' in element ? (element.max_selected_items ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  return (
    <Picker
      sets={sets}
      status={chosen.length >= most && multiple ? `At most ${most} can be chosen.` : status}
      chosen={chosen}
      multiple={multiple}
      most={most}
      clearable={!multiple && !placement.required && placement.labelledBy !== null}
      placeholder={placeholder}
      naming={naming(placement, placeholder)}
      focused={element.focus_on_load === true}
      onType={typed}
      onChange={onChange}
    />
  );
}
