import { type Alert, type Snooze, SNOOZES } from '../../src/domain/alerts/alert.ts';
import { acknowledge } from '../../src/domain/alerts/verbs/acknowledge.ts';
import { snooze, zoneOf } from '../../src/domain/alerts/verbs/snooze.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { readSnooze, snoozeNamed } from '../../views/alerts/condition-words.ts';
import { message } from '../../views/blocks.ts';
import { date, md } from '../../views/mrkdwn.ts';
import { note } from '../../views/notice.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import type { Words } from '../words.ts';

/** Acknowledge and snooze an alert (N3). Its card is drawn anew wherever it stands. */
export const answerAlerts: Command = {
  typed: [
    {
      topic: 'alerts',
      verb: 'acknowledge',
      right: 'run',
      usage: 'alerts acknowledge <alert>',
      summary: 'Say that somebody is on it: silence goes nowhere',
      run: (ask, words) => acknowledged(ask, alertIn(words, 'alerts acknowledge A-7')),
    },
    {
      topic: 'alerts',
      verb: 'snooze',
      right: 'run',
      usage: 'alerts snooze <alert> for=1h|4h|tomorrow|1w',
      summary: 'Keep an alert quiet until then',
      run: typedSnooze,
    },
  ],
  presses: {
    'alerts.acknowledge': (ask, press) => acknowledged(ask, press.value ?? ''),
    'alerts.snooze': pressedSnooze,
  },
};

async function acknowledged(ask: Ask, id: string): Promise<Answer> {
  const alert = await acknowledge(ask.outside, ask.actor, id);
  return { is: 'message', message: note(`${alert.id} is acknowledged.`, 'Its message closes when a sync succeeds.') };
}

async function pressedSnooze(ask: Ask, press: Press): Promise<Answer> {
  const chosen = readSnooze(press.value);
  return chosen === null ? { is: 'nothing' } : snoozed(ask, chosen.alertId, chosen.length);
}

async function typedSnooze(ask: Ask, words: Words): Promise<Answer> {
  const id = alertIn(words, 'alerts snooze A-7 for=1h');
  const length = snoozeNamed(words.options.for ?? '1h');
  if (length === null) throw badInput('for', 'A snooze has one of four ends.', `Type for=${SNOOZES.join(', for=')}.`);
  return snoozed(ask, id, length);
}

async function snoozed(ask: Ask, id: string, length: Snooze): Promise<Answer> {
  const alert = await snooze(ask.outside, ask.actor, id, length);
  return { is: 'message', message: message({ text: md`${alert.id} is quiet until ${date(endOf(alert), await zoneOf(ask.outside, alert.connectorId))}.` }) };
}

function endOf({ state }: Alert): number {
  return state.is === 'snoozed' ? state.until : Number.NaN;
}

function alertIn({ objects, text }: Words, usage: string): string {
  const id = (objects[0] ?? '').toUpperCase();
  if (!/^A-\d+$/.test(id)) throw new Refusal({ is: 'usage', typed: text, usage: [usage] });
  return id;
}
