import type { Summary } from '../../src/domain/home/verbs/summary.ts';
import type { Run } from '../../src/domain/sync/run.ts';
import { actions, type Blocks, button, context, divider, type HomeView, header, home, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { connectorSign, resultSign, signed } from '../signs.ts';
import { count, plural } from '../words.ts';
import { haltSection } from '../halts/stop-modal.ts';
import { needSection } from './needs.ts';

/** Connectors on one page of the tab. */
const PAGE = 10;

/** What the tab keeps between presses. */
export interface HomeState {
  readonly page: number;
}

/** The Home tab: what needs you, connectors, runs (SCREENS.md). Whoever sees no organization has neither list. */
export function homeTab(summary: Summary, state: HomeState, name: string): HomeView {
  const { may } = summary;
  return home(
    [
      header(`Usher · ${summary.place}`),
      summary.halt !== null && haltSection(summary.halt, summary.timeZone),
      actions([
        may.administer && button({ text: 'New connector', action: 'connectors.new', style: 'primary' }),
        may.administer && button({ text: 'Assign', action: 'assign.new' }),
        may.run && button({ text: 'Sync', action: 'sync.choose' }),
        may.see && button({ text: 'Reports', action: 'report.new' }),
        may.see && button({ text: 'Find a person', action: 'person.find' }),
        may.see && button({ text: 'Directory', action: 'directory.open' }),
        may.see && button({ text: 'Enrollment', action: 'enroll.list' }),
        summary.partnerView && button({ text: 'Partner view', action: 'connectors.partner' }),
        may.administer && button({ text: 'Roles', action: 'roles.list' }),
        (may.decide || may.administer || summary.asked.length > 0) && button({ text: 'Approvals', action: 'approvals.inbox' }),
        button({ text: 'Refresh', action: 'home.show' }),
      ]),
      header('Needs you'),
      ...(summary.needs.length === 0 ? [section('Nothing needs you.')] : summary.needs.slice(0, 10).map(needSection)),
      summary.needs.length > 10 && context(`and ${count(summary.needs.length - 10)} more: /${name} needs`),
      ...askedPart(summary),
      ...(may.see || summary.connectors.length > 0 ? connectorsPart(summary, state) : []),
      ...(may.see ? runsPart(summary) : []),
      context(md`${people(summary)}you: ${summary.role} of ${summary.place} · /${name} help for every command`),
    ],
    state,
  );
}

/** What waits for others; the rest is in the inbox. */
function askedPart({ asked, timeZone }: Summary): Blocks {
  if (asked.length === 0) return [];
  return [
    divider(),
    header('You asked for'),
    ...asked.slice(0, 5).map((request) =>
      section(md`${bold(request.id)} ${request.described.title} · waits until ${date(request.expiresAt, timeZone)}`, {
        accessory: button({ text: 'Open', action: 'approvals.show', value: request.id, accessibilityLabel: `Open ${request.id}` }),
      }),
    ),
    asked.length > 5 && context(`and ${count(asked.length - 5)} more: Approvals`),
  ];
}

function connectorsPart({ connectors, may, timeZone }: Summary, state: HomeState): Blocks {
  const page = pageOf(connectors, state.page, PAGE);
  return [
    divider(),
    header('Connectors'),
    connectors.length === 0 &&
      section('No connectors yet. A connector says how accounts reach one application.', {
        accessory: may.administer && button({ text: 'New connector', action: 'connectors.new' }),
      }),
    ...page.items.map((connector) =>
      section(
        md`${bold(connector.name)} · ${signed(connectorSign(connector.state, connector.health))}${connector.lastProvision === null ? '' : md` · last provision ${date(connector.lastProvision, timeZone, 'date')}`}`,
        {
          accessory: button({ text: 'Open', action: 'connectors.open', value: connector.id, accessibilityLabel: `Open ${connector.name}` }),
        },
      ),
    ),
    page.pages > 1 && actions(pager('home.page', page.page, page.pages)),
  ];
}

function runsPart({ runs, timeZone }: Summary): Blocks {
  return [
    divider(),
    header('Latest runs'),
    runs.length === 0 && section('No runs yet.'),
    ...runs.map(({ run, connector }) =>
      section(md`${bold(run.id)} ${connector} · ${runLine(run, timeZone)}`, {
        accessory: button({ text: 'Open', action: 'sync.open', value: run.id, accessibilityLabel: `Open run ${run.id}` }),
      }),
    ),
  ];
}

function people({ people: number }: Summary): string {
  return number === null ? '' : `${plural(number, 'person', 'people')} in the directory · `;
}

function runLine(run: Run, timeZone: string): Mrkdwn {
  switch (run.state.is) {
    case 'queued':
      return md`waiting to start`;
    case 'running':
      return md`running, ${count(run.done)} of ${run.total === null ? '…' : count(run.total)}`;
    case 'paused':
      return md`paused at ${count(run.done)}`;
    case 'ended':
      return md`${signed(resultSign(run.state.result))}, ${date(run.state.at, timeZone)}`;
  }
}
