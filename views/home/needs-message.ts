import type { Summary } from '../../src/domain/home/verbs/summary.ts';
import { header, type Message, message } from '../blocks.ts';
import { needSection, needsLine } from './needs.ts';

/** Everything that waits for the person, most pressing first. */
export function needsMessage(summary: Summary): Message {
  const line = needsLine(summary.needs);
  if (line === null) return message({ text: 'Nothing needs you.' });
  return message({ text: `Needs you: ${line}.`, blocks: [header('Needs you'), ...summary.needs.map(needSection)] });
}
