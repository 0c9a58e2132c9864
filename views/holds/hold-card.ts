import type { SeenHold } from '../../src/domain/holds/verbs/find.ts';
import type { HoldModel } from '../../src/domain/holds/verbs/model.ts';
import { actions, type Blocks, button, context, type Message, message, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { SIGNS } from '../signs.ts';
import { count, listed, percent, plural } from '../words.ts';

/** Organizations named on the card; the rest is counted. */
const PLACES = 5;

/** Held removals as one message that is edited in place (S14, S21): numbers only, so that it may stand anywhere (R3). */
export function holdMessage(model: HoldModel): Message {
  const line = headline(model);
  return message({ text: line, blocks: [section(line), ...holdBlocks(model), holdButtons(model), footing(model)] });
}

/** The fact in one line. */
function headline({ hold, connector, left }: HoldModel): Mrkdwn {
  const { state, people, accounts } = hold;
  const share = `${count(people.length)} of ${plural(accounts, 'person', 'people')} (${percent(people.length, accounts)})`;
  switch (state.is) {
    case 'open':
      if (hold.reason.is === 'freeze')
        return md`${SIGNS.disabled.sign} ${bold(`Nobody is removed before the freeze ends: ${connector.name} would lose ${share}.`)}`;
      if (hold.released.length > 0) return md`${SIGNS.quarantined.sign} ${bold(`${connector.name}: ${plural(left, 'removal')} still held of ${share}.`)}`;
      return md`${SIGNS.quarantined.sign} ${bold(`Stopped before removing anyone: ${connector.name} would lose ${share}.`)}`;
    case 'released':
      return md`… ${bold(`${connector.name}: ${plural(people.length - left, 'removal')} released, for the next run.`)}`;
    case 'expired':
      return md`– ${bold(`${connector.name}: ${plural(left, 'held removal')} expired, not applied.`)}`;
    case 'left':
      return md`– ${bold(`${connector.name}: ${plural(left, 'held removal')} left, not applied.`)}`;
    case 'settled':
      return md`${SIGNS.ok.sign} ${bold(`${connector.name}: nothing is held any more.`)}`;
    case 'closed':
      return md`– ${bold(`${connector.name}: ${plural(left, 'held removal')} closed, not applied.`)}`;
  }
}

/** Where they are, why, and what became of it: below the headline, or in the alert that shows the hold. */
export function holdBlocks(model: HoldModel): Blocks {
  const { hold, lastImport, timeZone } = model;
  const live = hold.state.is === 'open' || hold.state.is === 'released';
  return [
    live && model.places.length > 0 && section(md`${placesLine(model)}.`),
    live &&
      lastImport !== null &&
      section(
        md`The import of ${lastImport.source}, ${date(lastImport.at, timeZone)}, removed ${plural(lastImport.removed, 'person', 'people')} from the directory.`,
      ),
    section(stateLine(model)),
    ...releaseLines(model).map((line) => section(line)),
  ];
}

function placesLine({ places }: HoldModel): string {
  return listed(
    places.map(({ name, people }) => (name === null ? `${count(people)} who left the directory` : `${count(people)} of ${name}`)),
    PLACES,
  );
}

function stateLine({ hold, left, names, timeZone }: HoldModel): Mrkdwn {
  const { state, reason, runId } = hold;
  const on = 'Joins and changes went on.';
  switch (state.is) {
    case 'open':
      if (reason.is === 'freeze')
        return md`${on} “${reason.name}” ends ${date(reason.until, timeZone)}: the next sync after it removes them, and the fuse counts as usual.`;
      return md`${on} ${hold.released.length > 0 ? 'Nobody but the released was removed.' : 'Nothing was removed.'} Expires ${date(hold.expiresAt, timeZone)} as “not applied”.`;
    case 'released':
      return left === 0
        ? md`The next sync removes exactly these.`
        : md`The next sync removes exactly these; ${plural(left, 'removal')} ${left === 1 ? 'stays' : 'stay'} held.`;
    case 'expired':
      return md`Nobody answered by ${date(state.at, timeZone)}. Nothing is asked again while its people stay the same; they can still be released.`;
    case 'left':
      return md`${names(state.by)} left it, ${date(state.at, timeZone)}. Nothing is asked again while its people stay the same; they can still be released.`;
    case 'settled':
      return md`${runId} found nothing more to hold, ${date(state.at, timeZone)}.`;
    case 'closed':
      return md`${state.because}`;
  }
}

/** Who let go how many, the last three. The reason may name somebody: it is with the request and in the audit. */
function releaseLines({ hold, names, timeZone }: HoldModel): readonly Mrkdwn[] {
  return hold.releases.slice(-3).map(({ by, at, people }) => md`${plural(people.length, 'removal')} released by ${names(by)}, ${date(at, timeZone)}.`);
}

/** A card is one message for all who read it. */
const ANYBODY: SeenHold['may'] = { see: true, run: true, decide: true, administer: true };

/** Only what still applies; before one person's eyes, only what they may (X1). */
export function holdButtons({ hold, connector, left }: HoldModel, may = ANYBODY): ReturnType<typeof actions> {
  const { state, id } = hold;
  if (state.is === 'settled' || state.is === 'closed') return null;
  const label = (text: string): string => `${text} of ${id}`;
  return actions([
    button({ text: 'See who', action: 'sync.hold', value: id, accessibilityLabel: label('See who') }),
    may.decide && left > 1 && button({ text: 'Release some…', action: 'sync.release-some', value: id, accessibilityLabel: label('Release some') }),
    may.decide &&
      left > 0 &&
      button({
        text: left === 1 ? 'Release it…' : `Release all ${count(left)}…`,
        action: 'sync.release-all',
        value: id,
        style: 'danger',
        accessibilityLabel: label('Release all'),
      }),
    (may.run || may.decide) && state.is === 'open' && button({ text: 'Leave it', action: 'sync.leave', value: id, accessibilityLabel: label('Leave it') }),
    may.run && state.is === 'released' && button({ text: 'Run now', action: 'sync.now', value: connector.id }),
  ]);
}

/** Who it takes (S14): anybody who may approve, but whoever started the run. */
export function needsSomeone({ hold, names }: HoldModel): string | null {
  if (hold.state.is === 'settled' || hold.state.is === 'closed') return null;
  return hold.startedBy === 'schedule' ? 'releasing takes one approver' : `needs someone other than ${names(hold.startedBy)}`;
}

function footing(model: HoldModel): ReturnType<typeof context> {
  return context(needsSomeone(model), md`${model.hold.id} · ${model.hold.runId} · ${model.connector.id}`);
}
