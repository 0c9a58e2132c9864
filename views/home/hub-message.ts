import type { Summary } from '../../src/domain/home/verbs/summary.ts';
import { actions, button, context, type Message, message, section } from '../blocks.ts';
import { bold, date, md } from '../mrkdwn.ts';
import { plural } from '../words.ts';
import { needsLine } from './needs.ts';

/** `/usher` alone: a button for every job. */
export function hubMessage(summary: Summary, name: string): Message {
  const needs = needsLine(summary.needs);
  const latest = summary.imports.filter(({ outcome }) => outcome.is === 'done').sort((a, b) => b.endedAt - a.endedAt)[0];
  return message({
    text: `Usher · ${summary.place}. ${needs === null ? 'Nothing needs you.' : `Needs you: ${needs}.`}`,
    blocks: [
      section(md`${bold('Usher')} · ${summary.place}`),
      needs === null ? context('Nothing needs you.') : section(md`Needs you: ${bold(needs)}`, { accessory: button({ text: 'Show', action: 'home.needs' }) }),
      actions([
        button({ text: 'Connectors', action: 'connectors.list' }),
        button({ text: 'Assign', action: 'assign.new' }),
        button({ text: 'Sync', action: 'sync.choose' }),
        button({ text: 'Reports', action: 'report.new' }),
        button({ text: 'Find a person', action: 'person.find' }),
        button({ text: 'Directory', action: 'directory.open' }),
        button({ text: 'Alerts', action: 'alerts.list' }),
        button({ text: 'Enrollment', action: 'enroll.list' }),
      ]),
      context(
        md`You: ${summary.role} of ${summary.place}`,
        latest === undefined
          ? 'No import yet: `directory import` brings people in.'
          : md`Last import ${date(latest.endedAt, summary.timeZone)}, ${plural(summary.people, 'person', 'people')}`,
        md`Type /${name} help for every command`,
      ),
    ],
  });
}
