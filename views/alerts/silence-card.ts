import type { SilenceModel } from '../../src/domain/alerts/verbs/silence.ts';
import { actions, button, context, type Message, message, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { SIGNS } from '../signs.ts';
import { count, duration } from '../words.ts';

/** What should have come and did not (N5), as one message that is edited in place and closed when it comes. Counts only: it stands in channels. */
export function silenceMessage(model: SilenceModel): Message {
  const { silence, timeZone } = model;
  const line =
    silence.state.is === 'open'
      ? trouble(model)
      : md`${SIGNS.ok.sign} ${bold(`${subject(model)}: over`)} ${date(silence.state.at, timeZone)}, after ${duration(silence.state.at - silence.raisedAt)}`;
  return message({
    text: line,
    blocks: [
      section(line),
      silence.state.is === 'open' && section(HINTS[silence.about.is]),
      actions(buttons(model)),
      context(md`since ${date(silence.raisedAt, timeZone)}`),
    ],
  });
}

function subject({ silence: { about }, connector }: SilenceModel): string {
  if (about.is === 'late-run') return `${connector?.name ?? about.connectorId}: scheduled sync`;
  return about.is === 'old-source' ? `${about.source}: files` : `${about.source}: import`;
}

function trouble(model: SilenceModel): Mrkdwn {
  const { silence, timeZone } = model;
  const { about } = silence;
  const name = subject(model);
  switch (about.is) {
    case 'late-run':
      return md`${SIGNS.degraded.sign} ${bold(`${name} is late`)}: ${about.runId} would usually have been over ${date(about.due, timeZone)}`;
    case 'late-import':
      return md`${SIGNS.degraded.sign} ${bold(`${name} is late`)}: it would usually have been over ${date(about.due, timeZone)}`;
    case 'old-source':
      return md`${SIGNS.degraded.sign} ${bold(`${name} are old`)}: the newest is from ${date(about.newest, timeZone)}; new ones usually come within ${duration(about.usual)}`;
    case 'held-import':
      return md`${SIGNS.quarantined.sign} ${bold(`${name} held`)}: it would remove ${count(about.wouldRemove)} of ${count(about.of)} people`;
    case 'rejected-import':
      return md`${SIGNS.failing.sign} ${bold(`${name} rejected`)}`;
  }
}

const HINTS: Readonly<Record<SilenceModel['silence']['about']['is'], string>> = {
  'late-run': 'See whether it still moves, or waits for its application.',
  'late-import': 'See whether the source answers. The directory stays as it was.',
  'old-source': 'See whether the export still runs. The directory stays as it was.',
  'held-import': 'Nothing was changed. Check the export, or have the import released by a second person.',
  'rejected-import': 'Nothing was changed. See why, mend the export, and import again.',
};

function buttons({ silence: { about }, connector }: SilenceModel): Parameters<typeof actions>[0] {
  if (about.is === 'late-run')
    return [
      button({ text: 'See the run', action: 'sync.open', value: about.runId }),
      connector !== null && button({ text: 'Connector', action: 'connectors.open', value: connector.id }),
    ];
  return [button({ text: 'See the import', action: 'directory.import', value: about.source })];
}
