import type { ControlValues } from './control.ts';
import { elementsIn, stateKeyOf } from './elements.ts';
import { type Dict, dictOf, dictsOf, isDict, textOf } from './json.ts';

/** An answer as a person would say it: text typed, or an option by its value or label; a list for many. An object passes as it is. */
export type Answer = string | number | null | readonly string[] | Dict;

/** Answers by action id or block id. */
export type Answers = Readonly<Record<string, Answer>>;

function optionsIn(element: Dict): readonly Dict[] {
  return [...dictsOf(element.options), ...dictsOf(element.option_groups).flatMap((group) => dictsOf(group.options))];
}

/** The option of a static element that has this value or label; elsewhere one made of it. */
function optionFor(element: Dict, said: string): Dict {
  const found = optionsIn(element).find((option) => option.value === said || textOf(dictOf(option.text).text) === said);
  return found ?? { text: { type: 'plain_text', text: said }, value: said };
}

/** An answer in the shape of `state.values`: `{value: …}`, `{selected_option: …}`. Undefined for an element that keeps none. */
export function answerFor(element: Dict, answer: Answer): Dict | undefined {
  const key = stateKeyOf(textOf(element.type));
  if (key === undefined) return undefined;
  if (isDict(answer)) return key in answer ? answer : { [key]: answer };
  if (answer === null) return { [key]: null };
  if (key === 'selected_option') return { [key]: optionFor(element, String(answer)) };
  const many = typeof answer === 'string' || typeof answer === 'number' ? [String(answer)] : [...answer];
  if (key === 'selected_options') return { [key]: many.map((said) => optionFor(element, said)) };
  if (key === 'value') return { [key]: many.join('\n') };
  if (key === 'selected_date_time') return { [key]: Number(answer) };
  return { [key]: key.endsWith('s') ? many : many[0] };
}

/** The values of a form filled in by action id or block id. Throws for a field that is not there: a test's mistake. */
export function valuesFor(blocks: readonly Dict[], answers: Answers): ControlValues {
  const values: Record<string, Record<string, unknown>> = {};
  for (const [name, answer] of Object.entries(answers)) {
    const placed = elementsIn(blocks).find((one) => one.actionId === name || one.blockId === name);
    const entry = placed === undefined ? undefined : answerFor(placed.element, answer);
    if (placed === undefined || entry === undefined)
      throw new Error(
        `no field "${name}" among ${elementsIn(blocks)
          .map((one) => `${one.blockId}/${one.actionId}`)
          .join(', ')}`,
      );
    values[placed.blockId] = { ...values[placed.blockId], [placed.actionId]: entry };
  }
  return values;
}
