import type { HeldImportModel } from '../../src/domain/directory/verbs/held-import-model.ts';
import { actions, type Blocks, button, context, input, type Message, type ModalView, message, modal, plainInput, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { SIGNS } from '../signs.ts';
import { count, listed, percent, plural } from '../words.ts';
import { readText } from '../state.ts';
import { outcomeSign } from './import-lines.ts';

/** A held import as one message that is edited in place (D3): numbers and organizations only. */
export function heldImportMessage(model: HeldImportModel): Message {
  const line = headline(model);
  return message({ text: line, blocks: [section(line), ...heldBlocks(model), buttons(model), footing(model)] });
}

function headline({ source, last, isThis, timeZone }: HeldImportModel): Mrkdwn {
  const { outcome } = last;
  if (!isThis) return md`– ${bold(`The held import of ${source} was overtaken`)} by that of ${date(last.endedAt, timeZone)}: ${outcomeSign(outcome.is)}.`;
  if (outcome.is !== 'held') return md`${SIGNS.ok.sign} ${bold(`The held import of ${source} was released and applied.`)}`;
  const share = `${count(outcome.wouldRemove)} of ${plural(outcome.of, 'person', 'people')} (${percent(outcome.wouldRemove, outcome.of)})`;
  if (outcome.hold?.state.is === 'expired') return md`– ${bold(`The held import of ${source} expired, not applied`)}: ${share}.`;
  return md`${SIGNS.quarantined.sign} ${bold(`Held before removing anyone: the import of ${source} would take away ${share}.`)}`;
}

function heldBlocks({ last, isThis, places, names, timeZone }: HeldImportModel): Blocks {
  const { outcome, release } = last;
  if (!isThis) return [];
  if (outcome.is !== 'held')
    return [
      release !== undefined &&
        section(
          md`Released by ${names(release.by)}, ${date(last.endedAt, timeZone)}: ${plural(last.people.removed, 'person', 'people')} removed, ${count(last.people.changed)} changed, ${count(last.people.added)} added.`,
        ),
    ];
  return [
    places.length > 0 && section(`${listed(places.map(({ name, people }) => `${count(people)} of ${name}`))}.`),
    section('They would be removed, switched off, or left without any role or group. The directory stays as it was.'),
    outcome.hold !== undefined &&
      section(
        outcome.hold.state.is === 'open'
          ? md`Expires ${date(outcome.hold.expiresAt, timeZone)} as “not applied”. An export that was cut off looks exactly like this: look at it first.`
          : md`Nothing is asked again while it would change the same; it can still be released.`,
      ),
  ];
}

function buttons({ source, last, isThis }: HeldImportModel): ReturnType<typeof actions> {
  const held = isThis && last.outcome.is === 'held' && last.outcome.hold !== undefined ? last.outcome : null;
  return actions([
    held !== null &&
      button({
        text: `Release it: ${count(held.wouldRemove)}…`,
        action: 'directory.release',
        value: source,
        style: 'danger',
        accessibilityLabel: 'Release the held import',
      }),
    button({ text: 'See the import', action: 'directory.import', value: source }),
  ]);
}

function footing({ last, isThis, names }: HeldImportModel): ReturnType<typeof context> {
  const waits = isThis && last.outcome.is === 'held';
  return context(
    waits && (last.by === 'schedule' ? 'releasing takes one approver for everything' : `needs someone other than ${names(last.by)}`),
    `directory release ${last.source}`,
  );
}

/** Says what releasing comes to, and asks why (D3). */
export function releaseImportModal(model: HeldImportModel, agreed: string): ModalView {
  return modal({
    callbackId: 'directory.release',
    title: 'Release the import',
    submit: 'Release and apply',
    close: 'Keep it held',
    metadata: { source: model.source, agreed },
    blocks: [
      section(headline(model)),
      ...heldBlocks(model),
      section('The source is read once more: what would change anything else than this is refused.'),
      input('Why', plainInput({ action: 'why', max: 300, placeholder: 'Two schools closed' })),
    ],
  });
}

/** Source and what was agreed to, of the window's memory; null for any other. */
export function readReleaseImport(metadata: unknown, state: unknown): { readonly source: string; readonly agreed: string; readonly why: string } | null {
  if (typeof metadata !== 'object' || metadata === null) return null;
  const { source, agreed } = metadata as Readonly<Record<string, unknown>>;
  return typeof source === 'string' && typeof agreed === 'string' ? { source, agreed, why: readText(state, 'why') ?? '' } : null;
}
