import type { Connector } from '../../src/domain/connectors/connector.ts';
import { complaintAbout } from '../../src/domain/connectors/attribute-complaint.ts';
import type { RehearsalStep } from '../../src/domain/connectors/rehearsal.ts';
import type { TargetError } from '../../src/domain/connectors/target-error.ts';
import { actions, type Blocks, button, context, type Message, type ModalView, message, modal, preformattedWhole, section } from '../blocks.ts';
import { bold, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { stepSign } from '../signs.ts';
import { duration } from '../words.ts';
import { stepValue } from './configure-modal.ts';

/** Longer errors are cut in place, with *Learn more* (C8). */
const IN_PLACE = 200;

export interface RehearsalView {
  readonly connector: Connector;
  /** A passed rehearsal of exactly the saved configuration (C8). */
  readonly activatable: boolean;
}

/** The rehearsal as a modal; it is drawn anew at every step (C7). */
export function rehearsalModal(of: RehearsalView): ModalView {
  const running = of.connector.rehearsal?.verdict === 'running';
  return modal({
    callbackId: 'connectors.rehearsal',
    title: running ? 'Rehearsing…' : 'Rehearsal',
    metadata: { connectorId: of.connector.id },
    blocks: rehearsalBlocks(of),
  });
}

/** The same as a direct message, for when the modal is gone. */
export function rehearsalMessage(of: RehearsalView): Message {
  return message({ text: `Rehearsal of ${of.connector.name}: ${verdict(of)}`, blocks: rehearsalBlocks(of) });
}

function rehearsalBlocks(of: RehearsalView): Blocks {
  const { connector } = of;
  const { rehearsal } = connector;
  if (rehearsal === null) return [section(`${connector.name} was not rehearsed yet.`)];
  const failed = rehearsal.steps.flatMap(({ name, outcome }) => (outcome.is === 'failed' ? [{ name, error: outcome.error }] : []));
  const byHand = rehearsal.steps.flatMap(({ outcome }) => (outcome.is === 'passed-clean-up' ? [outcome.detail] : []));
  const took = rehearsal.endedAt === null ? '' : ` · ${duration(rehearsal.endedAt - rehearsal.startedAt)}`;
  return [
    section(md`${bold(`Rehearsal of ${connector.name}`)}${took}`),
    section(joined(rehearsal.steps.map(stepLine), '\n')),
    ...failed.flatMap(({ error }) => errorBlocks(connector, error)),
    ...byHand.map((detail) => section(`Passed; clean up by hand: ${detail}`)),
    section(verdict(of)),
    rehearsal.verdict !== 'running' &&
      buttons(
        of,
        failed.map(({ error }) => error),
      ),
    !of.activatable && isAsleep(connector) && context('Activate appears when the rehearsal passes.'),
  ];
}

/** Not connected: *Activate* is what comes after a pass. */
function isAsleep({ state }: Connector): boolean {
  return state.is === 'draft' || state.is === 'disconnected';
}

function stepLine({ name, outcome }: RehearsalStep): Mrkdwn {
  const { sign, word } = stepSign(outcome);
  return md`${sign} ${name} – ${word}`;
}

function errorBlocks(connector: Connector, error: TargetError): Blocks {
  const whole = error.message.length <= IN_PLACE;
  const said = error.status === null ? error.message : `${connector.name} answered ${error.status}: “${error.message}”`;
  const complaint = complaintAbout(error.message);
  return [
    section(whole ? said : `${said.slice(0, IN_PLACE).replace(/[\uD800-\uDBFF]$/, '')}…`, {
      accessory: !whole && button({ text: 'Learn more', action: 'connectors.learn', value: connector.id }),
    }),
    complaint !== null &&
      !complaint.standard &&
      section(`The attribute “${complaint.attribute}” is outside SCIM core and enterprise: a mapping can’t give it.`),
  ];
}

function buttons(of: RehearsalView, errors: readonly TargetError[]): ReturnType<typeof actions> {
  const { connector } = of;
  const complaint = errors.map(({ message: text }) => complaintAbout(text)).find((found) => found !== null);
  const failed = errors.length > 0;
  return actions([
    of.activatable && isAsleep(connector) && button({ text: 'Activate', action: 'connectors.activate', value: connector.id, style: 'primary' }),
    failed && button({ text: 'Change mapping', action: 'connectors.step', value: stepValue('attributes', connector.id) }),
    failed && button({ text: 'Change settings', action: 'connectors.configure', value: connector.id }),
    failed && button({ text: 'Rehearse again', action: 'connectors.rehearse', value: connector.id }),
    failed &&
      complaint !== undefined &&
      !complaint.standard &&
      button({ text: 'Request a connector', action: 'connectors.request', value: `${connector.id}/${complaint.attribute}`.slice(0, 500) }),
    failed && connector.inForce !== null && button({ text: 'Revert', action: 'connectors.revert', value: connector.id }),
    button({ text: 'Open connector', action: 'connectors.open', value: connector.id }),
  ]);
}

function verdict({ connector, activatable }: RehearsalView): string {
  switch (connector.rehearsal?.verdict) {
    case undefined:
    case 'running':
      return 'Trying it on the real endpoint with a test user…';
    case 'passed':
      if (isAsleep(connector) && activatable) return 'Every step passed. Nobody gets an account until it is active and assigned.';
      return isAsleep(connector) || connector.draft !== null
        ? 'Every step passed, but the settings were changed since: rehearse them again.'
        : 'Every step passed. The new settings are in force.';
    case 'failed':
      return isAsleep(connector) ? 'Nothing was activated.' : 'Nothing was changed: the old configuration stays in force.';
  }
}

/** The whole text of each error, pushed on top (C8). */
export function learnMoreModal(connector: Connector): ModalView {
  const errors = (connector.rehearsal?.steps ?? []).flatMap(({ name, outcome }) => (outcome.is === 'failed' ? [{ name, error: outcome.error }] : []));
  return modal({
    callbackId: 'connectors.learn',
    title: 'What was answered',
    blocks:
      errors.length === 0
        ? [section('No step failed.')]
        : errors.flatMap(({ name, error }) => [
            section(`${name}: ${error.status === null ? 'no answer' : `HTTP ${error.status}`}${error.scimType === null ? '' : ` · ${error.scimType}`}`),
            ...preformattedWhole(error.message),
          ]),
  });
}
