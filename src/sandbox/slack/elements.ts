import type { ControlValues } from './control.ts';
import { secretPart } from './ids.ts';
import { type Dict, dictOf, dictsOf, isDict, textOf } from './json.ts';

/** An interactive element where it stands. */
export interface PlacedElement {
  readonly blockId: string;
  readonly block: Dict;
  readonly element: Dict;
  readonly actionId: string;
  readonly type: string;
  /** Of an `input` block: silent unless it asks for `dispatch_action`. */
  readonly input: boolean;
}

/** Where an element keeps its answer in `state.values`, and which property of the element sets the first one. */
const STATE_OF: Readonly<Record<string, { readonly key: string; readonly initial: string; readonly many: boolean }>> = {
  plain_text_input: { key: 'value', initial: 'initial_value', many: false },
  email_text_input: { key: 'value', initial: 'initial_value', many: false },
  url_text_input: { key: 'value', initial: 'initial_value', many: false },
  number_input: { key: 'value', initial: 'initial_value', many: false },
  rich_text_input: { key: 'rich_text_value', initial: 'initial_value', many: false },
  static_select: { key: 'selected_option', initial: 'initial_option', many: false },
  external_select: { key: 'selected_option', initial: 'initial_option', many: false },
  radio_buttons: { key: 'selected_option', initial: 'initial_option', many: false },
  multi_static_select: { key: 'selected_options', initial: 'initial_options', many: true },
  multi_external_select: { key: 'selected_options', initial: 'initial_options', many: true },
  checkboxes: { key: 'selected_options', initial: 'initial_options', many: true },
  users_select: { key: 'selected_user', initial: 'initial_user', many: false },
  multi_users_select: { key: 'selected_users', initial: 'initial_users', many: true },
  conversations_select: { key: 'selected_conversation', initial: 'initial_conversation', many: false },
  multi_conversations_select: { key: 'selected_conversations', initial: 'initial_conversations', many: true },
  channels_select: { key: 'selected_channel', initial: 'initial_channel', many: false },
  multi_channels_select: { key: 'selected_channels', initial: 'initial_channels', many: true },
  datepicker: { key: 'selected_date', initial: 'initial_date', many: false },
  timepicker: { key: 'selected_time', initial: 'initial_time', many: false },
  datetimepicker: { key: 'selected_date_time', initial: 'initial_date_time', many: false },
  file_input: { key: 'files', initial: '', many: true },
};

/** The property that holds an element's answer, or undefined for buttons and overflows. */
export function stateKeyOf(type: string): string | undefined {
  return STATE_OF[type]?.key;
}

/** Slack gives random ids to blocks and elements that came without. */
export function withIds(blocks: readonly Dict[]): readonly Dict[] {
  return blocks.map((block) => withElementIds({ ...block, block_id: textOf(block.block_id) || secretPart(3) }));
}

function named(element: unknown): unknown {
  const takesAction = isDict(element) && (stateKeyOf(textOf(element.type)) !== undefined || element.type === 'button' || element.type === 'overflow');
  return takesAction && element.action_id === undefined ? { ...element, action_id: secretPart(3) } : element;
}

function withElementIds(block: Dict): Dict {
  const changed: Record<string, unknown> = { ...block };
  for (const place of ['accessory', 'element']) if (place in block) changed[place] = named(block[place]);
  const { elements, actions } = block;
  if (Array.isArray(elements)) changed.elements = elements.map(named);
  if (Array.isArray(actions)) changed.actions = actions.map(named);
  return changed;
}

/** Every interactive element of a payload, in order; cards and containers are looked into. */
export function elementsIn(blocks: readonly Dict[]): readonly PlacedElement[] {
  return blocks.flatMap((block) => {
    const nested = [...dictsOf(block.child_blocks), ...dictsOf(block.blocks)];
    const own = [block.accessory, block.element, ...dictsOf(block.elements), ...dictsOf(block.actions)];
    const placed = own.filter(isDict).flatMap((element) => {
      const actionId = textOf(element.action_id);
      return actionId === '' ? [] : [{ blockId: textOf(block.block_id), block, element, actionId, type: textOf(element.type), input: block.type === 'input' }];
    });
    return [...placed, ...elementsIn(nested)];
  });
}

/** The options of a static element, groups opened. */
function optionsOf(element: Dict): readonly Dict[] {
  return [...dictsOf(element.options), ...dictsOf(element.option_groups).flatMap((group) => dictsOf(group.options))];
}

/** What a client sends back for an option: the element's own object. Undefined where the element never offered it. */
function offered(element: Dict, chosen: unknown): Dict | undefined {
  const type = textOf(element.type);
  if (type === 'external_select' || type === 'multi_external_select') return isDict(chosen) ? chosen : undefined;
  return optionsOf(element).find((option) => option.value === dictOf(chosen).value);
}

/** An element's entry of `state.values`: what was entered, otherwise its initial value. Undefined for one that keeps nothing. */
export function stateEntry(element: Dict, entered: unknown): Dict | undefined {
  const type = textOf(element.type);
  const rule = STATE_OF[type];
  if (rule === undefined) return undefined;
  const given = isDict(entered) && rule.key in entered ? entered[rule.key] : element[rule.initial];
  return { type, [rule.key]: settled(element, rule, given) };
}

function settled(element: Dict, rule: { readonly key: string; readonly many: boolean }, given: unknown): unknown {
  if (rule.many) {
    const list = Array.isArray(given) ? given : [];
    return rule.key === 'selected_options' ? list.flatMap((one) => offered(element, one) ?? []) : list;
  }
  if (given === undefined || given === null || given === '') return null;
  return rule.key === 'selected_option' ? (offered(element, given) ?? null) : given;
}

/** `view.state.values` (and a message's): every element that keeps an answer. */
export function stateValues(blocks: readonly Dict[], entered: ControlValues): Readonly<Record<string, Readonly<Record<string, Dict>>>> {
  const values: Record<string, Record<string, Dict>> = {};
  for (const { blockId, actionId, element } of elementsIn(blocks)) {
    const entry = stateEntry(element, entered[blockId]?.[actionId]);
    if (entry !== undefined) values[blockId] = { ...values[blockId], [actionId]: entry };
  }
  return values;
}

/** What stays entered when a view is replaced: answers whose block id and action id are still there (reference/methods/views.update). */
export function keptValues(blocks: readonly Dict[], entered: ControlValues): ControlValues {
  const kept: Record<string, Record<string, unknown>> = {};
  for (const { blockId, actionId, type } of elementsIn(blocks)) {
    const old = entered[blockId]?.[actionId];
    if (old !== undefined && dictOf(old).type === type) kept[blockId] = { ...kept[blockId], [actionId]: old };
  }
  return kept;
}

/** Adds one layer of entered values over another, element by element. */
export function overlaid(under: ControlValues, over: ControlValues): ControlValues {
  const merged: Record<string, Readonly<Record<string, unknown>>> = { ...under };
  for (const [blockId, actions] of Object.entries(over)) merged[blockId] = { ...merged[blockId], ...actions };
  return merged;
}

/** The element's part of `actions[0]`. Null where the click is impossible: an option that was never offered. */
export function actionJson(placed: PlacedElement, given: Readonly<Record<string, unknown>>, now: number): Dict | null {
  const { element, type, blockId, actionId } = placed;
  const base = { type, action_id: actionId, block_id: blockId, action_ts: (now / 1000).toFixed(6) };
  if (type === 'button') {
    const value = element.value === undefined ? {} : { value: element.value };
    const style = element.style === undefined ? {} : { style: element.style };
    return { ...base, text: element.text, ...value, ...style };
  }
  if (type === 'overflow') {
    const option = offered(element, given.selected_option);
    return option === undefined ? null : { ...base, selected_option: option };
  }
  const key = stateKeyOf(type);
  if (key === undefined) return { ...given, ...base };
  const entry = stateEntry(element, given);
  const impossible = key === 'selected_option' && isDict(given[key]) && entry?.[key] === null;
  return impossible || entry === undefined ? null : { ...entry, ...base };
}
