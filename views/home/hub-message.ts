import type { Summary } from '../../src/domain/home/verbs/summary.ts';
import { actions, button, context, type Message, message, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { plural } from '../words.ts';
import { haltSection } from '../halts/stop-modal.ts';
import { needsLine } from './needs.ts';

/** `/usher` alone: a button for every job. */
export function hubMessage(summary: Summary, name: string): Message {
  const needs = needsLine(summary.needs);
  const { may } = summary;
  return message({
    text: `Usher · ${summary.place}. ${needs === null ? 'Nothing needs you.' : `Needs you: ${needs}.`}`,
    blocks: [
      section(md`${bold('Usher')} · ${summary.place}`),
      summary.halt !== null && haltSection(summary.halt, summary.timeZone),
      needs === null ? context('Nothing needs you.') : section(md`Needs you: ${bold(needs)}`, { accessory: button({ text: 'Show', action: 'home.needs' }) }),
      actions([
        (may.see || summary.connectors.length > 0) && button({ text: 'Connectors', action: 'connectors.list' }),
        may.administer && button({ text: 'Assign', action: 'assign.new' }),
        may.run && button({ text: 'Sync', action: 'sync.choose' }),
        may.run && summary.halt === null && button({ text: 'Stop…', action: 'stop.open', style: 'danger' }),
        may.see && button({ text: 'Reports', action: 'report.new' }),
        may.see && button({ text: 'Find a person', action: 'person.find' }),
        may.see && button({ text: 'Directory', action: 'directory.open' }),
        may.see && button({ text: 'Alerts', action: 'alerts.list' }),
        may.see && button({ text: 'Enrollment', action: 'enroll.list' }),
        summary.partnerView && button({ text: 'Partner view', action: 'connectors.partner' }),
        (may.decide || may.administer || summary.asked.length > 0) && button({ text: 'Approvals', action: 'approvals.inbox' }),
        may.administer && button({ text: 'Roles', action: 'roles.list' }),
        may.administer && button({ text: 'Audit', action: 'audit.list' }),
      ]),
      context(md`You: ${summary.role} of ${summary.place}`, may.see && lastImport(summary), md`Type /${name} help for every command`),
    ],
  });
}

function lastImport({ lastImport: at, people, timeZone, may }: Summary): Mrkdwn | string {
  if (at === null) return may.administer ? 'No import yet: `directory import` brings people in.' : 'No import yet.';
  return people === null ? md`Last import ${date(at, timeZone)}` : md`Last import ${date(at, timeZone)}, ${plural(people, 'person', 'people')}`;
}
