import type { ControlValues } from './control.ts';
import { elementsIn, stateEntry, stateKeyOf } from './elements.ts';
import { type Dict, textOf } from './json.ts';

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function textProblem(element: Dict, text: string): string | undefined {
  const { min_length: min, max_length: max } = element;
  if (typeof min === 'number' && text.length < min) return `This needs at least ${min} characters.`;
  if (typeof max === 'number' && text.length > max) return `This must be at most ${max} characters.`;
  return undefined;
}

function numberProblem(element: Dict, text: string): string | undefined {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return 'Please enter a valid number.';
  if (element.is_decimal_allowed !== true && !Number.isInteger(value)) return 'Please enter a whole number.';
  if (element.min_value !== undefined && value < Number(element.min_value)) return `This must be at least ${textOf(element.min_value)}.`;
  if (element.max_value !== undefined && value > Number(element.max_value)) return `This must be at most ${textOf(element.max_value)}.`;
  return undefined;
}

function valueProblem(element: Dict, value: unknown): string | undefined {
  const type = textOf(element.type);
  const limit = element.max_selected_items;
  if (Array.isArray(value)) return typeof limit === 'number' && value.length > limit ? `Choose at most ${limit}.` : undefined;
  if (typeof value !== 'string') return undefined;
  if (type === 'plain_text_input') return textProblem(element, value);
  if (type === 'number_input') return numberProblem(element, value);
  if (type === 'email_text_input' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return 'Please enter a valid email address.';
  if (type === 'url_text_input' && !URL.canParse(value)) return 'Please enter a valid URL.';
  return undefined;
}

/** What Slack's own client refuses before anything reaches the app: block id to sentence; empty when the form may go. */
export function formProblems(blocks: readonly Dict[], entered: ControlValues): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  for (const { input, block, blockId, actionId, element, type } of elementsIn(blocks)) {
    const key = stateKeyOf(type);
    if (!input || key === undefined) continue;
    const value = stateEntry(element, entered[blockId]?.[actionId])?.[key];
    const problem = isEmpty(value) ? (block.optional === true ? undefined : 'Please complete this required field.') : valueProblem(element, value);
    if (problem !== undefined) problems[blockId] = problem;
  }
  return problems;
}
