import type { SectionBlock } from '@slack/types';
import type { Need } from '../../src/domain/home/verbs/summary.ts';
import { button, section } from '../blocks.ts';
import { bold, md, mention } from '../mrkdwn.ts';
import { stopDay, taskName } from '../enrollment/words.ts';
import { SIGNS, signed } from '../signs.ts';
import { count as number, plural } from '../words.ts';

/** What waits, in a few words: `2 held syncs · 1 connector needs credentials`; null when nothing does. */
export function needsLine(needs: readonly Need[]): string | null {
  const of = (kind: Need['is']): number => needs.filter(({ is }) => is === kind).length;
  const parts = [
    count(of('approval'), (n) => plural(n, 'approval')),
    count(of('credentials'), (n) => `${plural(n, 'connector')} ${n === 1 ? 'needs' : 'need'} credentials`),
    count(of('held'), (n) => plural(n, 'held sync')),
    count(of('quarantined'), (n) => plural(n, 'quarantined connector')),
    count(of('failing'), (n) => plural(n, 'failing connector')),
    count(of('held-import'), (n) => plural(n, 'held import')),
    count(of('rejected-import'), (n) => plural(n, 'rejected import')),
    count(
      needs.reduce((sum, need) => sum + (need.is === 'left' ? need.people : 0), 0),
      (n) => `${plural(n, 'person', 'people')} left with things to re-assign`,
    ),
    count(
      needs.reduce((sum, need) => sum + (need.is === 'waiting' ? need.people : 0), 0),
      (n) => `${plural(n, 'person waits', 'people wait')} for a seat`,
    ),
    count(of('task-due'), (n) => `${plural(n, 'enrollment task')} due soon`),
    count(of('unfinished'), (n) => plural(n, 'unfinished connector')),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' · ');
}

const count = (number: number, words: (number: number) => string): string | null => (number === 0 ? null : words(number));

/** One need with the button that helps. */
export function needSection(need: Need): SectionBlock {
  switch (need.is) {
    case 'approval':
      return section(md`${mention(need.request.by.userId)} asks to ${bold(need.request.described.title)} · ${need.request.id}`, {
        accessory: button({ text: 'Open', action: 'approvals.show', value: need.request.id, style: 'primary', accessibilityLabel: `Open ${need.request.id}` }),
      });
    case 'credentials':
      return section(md`${SIGNS.needsCredentials.sign} ${bold(need.connector.name)} needs a new secret; its schedule waits.`, {
        accessory: button({ text: 'Enter it', action: 'connectors.configure', value: need.connector.id, style: 'primary' }),
      });
    case 'held':
      return section(
        need.hold.state.is === 'released'
          ? md`${SIGNS.quarantined.sign} ${plural(need.hold.released.length, 'removal')} of ${bold(need.connector.name)} ${need.hold.released.length === 1 ? 'is' : 'are'} released, for the next sync.`
          : md`${SIGNS.quarantined.sign} A sync of ${bold(need.connector.name)} stopped before removing ${plural(need.hold.people.length, 'person', 'people')} of ${number(need.hold.accounts)}.`,
        {
          accessory: button({ text: 'See who', action: 'sync.hold', value: need.hold.id, accessibilityLabel: `See who ${need.hold.id} holds` }),
        },
      );
    case 'quarantined':
      return section(md`${signed(SIGNS.quarantined)}: ${bold(need.connector.name)} goes wrong again and again; its schedule is slowed down.`, {
        accessory:
          need.run === null
            ? button({ text: 'Open', action: 'connectors.open', value: need.connector.id })
            : button({ text: 'See the run', action: 'sync.open', value: need.run.id }),
      });
    case 'failing':
      return section(md`${SIGNS.failing.sign} The last sync of ${bold(need.connector.name)} failed.`, {
        accessory:
          need.run === null
            ? button({ text: 'Open', action: 'connectors.open', value: need.connector.id })
            : button({ text: 'See the run', action: 'sync.open', value: need.run.id }),
      });
    case 'held-import':
      return section(
        md`${SIGNS.quarantined.sign} The import of ${bold(need.import.source)} was held: it would remove ${need.import.outcome.is === 'held' ? plural(need.import.outcome.wouldRemove, 'person', 'people') : 'people'}. The directory stays as it was.`,
        {
          accessory: button({ text: 'See the import', action: 'directory.import', value: need.import.source }),
        },
      );
    case 'rejected-import':
      return section(md`${SIGNS.failing.sign} The import of ${bold(need.import.source)} was rejected. The directory stays as it was.`, {
        accessory: button({ text: 'See the import', action: 'directory.import', value: need.import.source }),
      });
    case 'left':
      return section(md`${bold(plural(need.people, 'person', 'people'))} left Slack and ${need.people === 1 ? 'owns' : 'own'} something here.`, {
        accessory: button({ text: 'See what', action: 'roles.left' }),
      });
    case 'waiting':
      return section(md`${bold(plural(need.people, 'person waits', 'people wait'))} for a seat of ${bold(need.connector.name)}.`, {
        accessory: button({ text: 'See who waits', action: 'enroll.waiting', value: need.connector.id }),
      });
    case 'task-due':
      return section(
        md`${bold(taskName(need.task))} of ${bold(need.connector.name)} is due soon: ${plural(need.people, 'person has', 'people have')} not enrolled, the first until ${stopDay(need.stop, need.task.timeZone)}.`,
        { accessory: button({ text: 'Open task', action: 'enroll.task', value: need.task.id, accessibilityLabel: `Open task ${need.task.number}` }) },
      );
    case 'unfinished':
      return section(md`${SIGNS.draft.sign} ${bold(need.connector.name)} is a draft.`, {
        accessory: button({ text: 'Go on', action: 'connectors.configure', value: need.connector.id }),
      });
  }
}
