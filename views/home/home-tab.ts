import type { Summary } from '../../src/domain/home/verbs/summary.ts';
import type { Run } from '../../src/domain/sync/run.ts';
import { actions, button, context, divider, type HomeView, header, home, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { connectorSign, resultSign, signed } from '../signs.ts';
import { count, plural } from '../words.ts';
import { needSection } from './needs.ts';

/** Connectors on one page of the tab. */
const PAGE = 10;

/** What the tab keeps between presses. */
export interface HomeState {
  readonly page: number;
}

/** The Home tab: what needs you, connectors, runs (SCREENS.md). */
export function homeTab(summary: Summary, state: HomeState, name: string): HomeView {
  const page = pageOf(summary.connectors, state.page, PAGE);
  return home(
    [
      header(`Usher · ${summary.place}`),
      actions([
        button({ text: 'New connector', action: 'connectors.new', style: 'primary' }),
        button({ text: 'Assign', action: 'assign.new' }),
        button({ text: 'Sync', action: 'sync.choose' }),
        button({ text: 'Reports', action: 'report.new' }),
        button({ text: 'Find a person', action: 'person.find' }),
        button({ text: 'Directory', action: 'directory.open' }),
        button({ text: 'Refresh', action: 'home.show' }),
      ]),
      header('Needs you'),
      ...(summary.needs.length === 0 ? [section('Nothing needs you.')] : summary.needs.slice(0, 10).map(needSection)),
      summary.needs.length > 10 && context(`and ${count(summary.needs.length - 10)} more: /${name} needs`),
      divider(),
      header('Connectors'),
      ...(summary.connectors.length === 0
        ? [
            section('No connectors yet. A connector says how accounts reach one application.', {
              accessory: button({ text: 'New connector', action: 'connectors.new' }),
            }),
          ]
        : []),
      ...page.items.map((connector) =>
        section(
          md`${bold(connector.name)} · ${signed(connectorSign(connector.state, connector.health))}${connector.lastProvision === null ? '' : md` · last provision ${date(connector.lastProvision, summary.timeZone, 'date')}`}`,
          {
            accessory: button({ text: 'Open', action: 'connectors.open', value: connector.id, accessibilityLabel: `Open ${connector.name}` }),
          },
        ),
      ),
      page.pages > 1 && actions(pager('home.page', page.page, page.pages)),
      divider(),
      header('Latest runs'),
      ...(summary.runs.length === 0 ? [section('No runs yet.')] : []),
      ...summary.runs.map(({ run, connector }) =>
        section(md`${bold(run.id)} ${connector} · ${runLine(run, summary.timeZone)}`, {
          accessory: button({ text: 'Open', action: 'sync.open', value: run.id, accessibilityLabel: `Open run ${run.id}` }),
        }),
      ),
      context(md`${plural(summary.people, 'person', 'people')} in the directory · you: ${summary.role} of ${summary.place} · /${name} help for every command`),
    ],
    state,
  );
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
