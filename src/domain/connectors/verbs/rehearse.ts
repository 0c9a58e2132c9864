import type { Outside } from '../../../ports/outside.ts';
import { StoreFault } from '../../../ports/store.ts';
import { audited } from '../../audit/row.ts';
import type { Place } from '../../cards/card.ts';
import { newCard, redraw } from '../../cards/show.ts';
import { MINUTE } from '../../instant.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { revise } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { changedSettings } from '../changed-settings.ts';
import type { Connector, ConnectorId, RehearsedSettings } from '../connector.ts';
import type { Dialect } from '../dialect.ts';
import { type LeftOver, NOTHING_LEFT, type Rehearsal, type RehearsalStep, type RehearsalStepName, stepsOf } from '../rehearsal.ts';
import { canonical, complete, draftOf, hostOf, isRehearsed, type MissingSetting, missing } from '../settings.ts';
import type { TargetError } from '../target-error.ts';
import { Tongue } from '../../sync/tongue.ts';
import { rehearsalSteps, type StepResult } from './rehearsal-steps.ts';
import { requireConnector } from './require.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'targets' | 'secrets' | 'paces' | 'fingerprint' | 'cards' | 'work' | 'log'>;

/** A rehearsal that hangs longer than any could take is given up for the next one. */
const LONGEST = 15 * MINUTE;

const IN_WORDS: Readonly<Record<MissingSetting, string>> = {
  baseUrl: 'the SCIM base URL',
  testEmail: 'a test e-mail address',
  mapping: 'the attribute mapping',
  secret: 'a secret',
};

/** A rehearsal that is stored and waits. */
export interface Started {
  readonly connector: Connector;
  /** Sets the worker to it: to be called once the person sees where its steps will appear. A restart begins it too. */
  begin(): void;
}

/** Stores a rehearsal of the saved draft (C7); `place` is where its steps appear. Refuses while one is running, and while the draft lacks something. */
export async function startRehearsal(outside: Parts, actor: Actor, id: ConnectorId, place: Place): Promise<Started> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'rehearse');
  if (connector.draft === null && (connector.state.is === 'active' || connector.state.is === 'disabled'))
    throw new Refusal({ is: 'nothing-to-do', detail: `${connector.name} has no unsaved edits; the settings in force were rehearsed.` });
  const rehearsalId = outside.chance.id();
  const next = await revise(
    outside.store,
    'connector',
    id,
    (now) => {
      if (now.rehearsal?.verdict === 'running' && outside.clock.now() - now.rehearsal.startedAt < LONGEST)
        throw new Refusal({ is: 'nothing-to-do', detail: `The rehearsal of ${now.name} is still running.` });
      return { ...now, rehearsal: fresh(outside, actor, now, rehearsalId) };
    },
    () => ({
      appends: [audited(outside, actor, { action: 'connectors.rehearse', connectorId: id, summary: `started a rehearsal of ${connector.name}` })],
      puts: [newCard(cardOf(rehearsalId), place, { is: 'rehearsal', connectorId: id, rehearsalId })],
    }),
  );
  return { connector: next ?? connector, begin: () => outside.work.rehearse(id) };
}

function fresh(outside: Parts, actor: Actor, connector: Connector, id: string): Rehearsal {
  const draft = draftOf(connector);
  const settings = complete(draft);
  if (settings === null) {
    const lacking = missing(draft).map((name) => IN_WORDS[name]);
    throw badInput(null, `The rehearsal still needs ${lacking.join(' and ')}.`, 'Go through the steps of Configure and fill it in.');
  }
  return {
    id,
    baseUrl: settings.baseUrl,
    fingerprint: outside.fingerprint.of(canonical(settings)),
    by: actor.userId,
    startedAt: outside.clock.now(),
    endedAt: null,
    steps: stepsOf(settings.manageGroups).map((name) => ({ name, outcome: { is: 'waiting' } })),
    verdict: 'running',
    // Ids mean something at the endpoint that gave them, and nowhere else.
    leftOver: connector.rehearsal?.baseUrl === settings.baseUrl ? connector.rehearsal.leftOver : NOTHING_LEFT,
  };
}

const cardOf = (rehearsalId: string): string => `rehearsal/${rehearsalId}`;

/**
 * Performs a started rehearsal against the real endpoint, storing every step as it ends; its card follows (C7). A pass
 * of an active or disabled connector swaps its settings at once (C9). One that a crash cut off is performed again from
 * its beginning: it reuses its own left-over. It stops without another request where it is not wanted any more (C13).
 */
export async function performRehearsal(outside: Parts, id: ConnectorId): Promise<Connector | undefined> {
  for (let last: string | null = null; ; ) {
    const connector = (await outside.store.get('connector', id))?.value;
    const rehearsal = connector?.rehearsal ?? null;
    if (connector === undefined || rehearsal?.verdict !== 'running' || rehearsal.id === last) return connector;
    last = rehearsal.id;
    await perform(outside, connector, rehearsal);
  }
}

async function perform(outside: Parts, connector: Connector, rehearsal: Rehearsal): Promise<void> {
  const settings = complete(connector.draft ?? {});
  const progress = new Progress(outside, connector.id, rehearsal);
  if (settings === null || outside.fingerprint.of(canonical(settings)) !== rehearsal.fingerprint) {
    progress.failed('look up', ourFault('The settings were changed before the rehearsal began. Rehearse again.'));
  } else {
    try {
      await tried(outside, connector, settings, rehearsal, progress);
    } catch (fault) {
      if (fault instanceof StoreFault) throw fault;
      const reference = outside.chance.reference();
      outside.log.error({ reference, connectorId: connector.id, err: fault }, 'a rehearsal crashed');
      progress.failed(progress.running, ourFault(`Something went wrong inside Usher (reference ${reference}).`));
    }
  }
  await finish(outside, connector.id, progress.ended());
}

async function tried(outside: Parts, connector: Connector, settings: RehearsedSettings, rehearsal: Rehearsal, progress: Progress): Promise<void> {
  const host = hostOf(settings.baseUrl) ?? '';
  const { requestsPerSecond } = connector.operating;
  const { leftOver } = rehearsal;
  const tongue = new Tongue();
  const steps = rehearsalSteps({
    settings,
    connectorId: connector.id,
    host,
    outside,
    requestsPerSecond,
    leftOver,
    tongue,
    marker: `usher-rehearsal-${rehearsal.id}`,
    isWanted: async () => {
      const stored = await outside.store.get('connector', connector.id);
      return stored !== undefined && isWanted(stored.value, rehearsal);
    },
  });
  for await (const step of steps) await progress.took(step.name, step.outcome, step.leftOver);
  progress.learnt({ ...tongue.dialect, learntAt: outside.clock.now() });
}

function ourFault(message: string): TargetError {
  return { next: 'unusable', status: null, scimType: null, message, maybeWritten: false, retryAfter: null };
}

/** What a rehearsal has shown so far, in the store and on its card. */
class Progress {
  readonly #outside: Parts;
  readonly #connectorId: ConnectorId;
  readonly #results = new Map<RehearsalStepName, StepResult>();
  #rehearsal: Rehearsal;
  running: RehearsalStepName = 'look up';

  constructor(outside: Parts, connectorId: ConnectorId, rehearsal: Rehearsal) {
    this.#outside = outside;
    this.#connectorId = connectorId;
    this.#rehearsal = rehearsal;
  }

  /** Stores and shows a step; nothing where another rehearsal, or none, stands in its place. */
  async took(name: RehearsalStepName, outcome: StepResult, leftOver: LeftOver): Promise<void> {
    this.running = name;
    this.#results.set(name, outcome);
    this.#rehearsal = { ...this.#rehearsal, leftOver, steps: this.#drawn() };
    const present = this.#rehearsal;
    await revise(this.#outside.store, 'connector', this.#connectorId, (now) => (isWanted(now, present) ? { ...now, rehearsal: present } : null));
    await redraw(this.#outside.store, cardOf(present.id), false);
    this.#outside.cards.changed([cardOf(present.id)]);
  }

  learnt(dialect: Dialect): void {
    this.#rehearsal = { ...this.#rehearsal, dialect };
  }

  failed(name: RehearsalStepName, error: TargetError): void {
    this.#results.set(name, { is: 'failed', error, attribute: null });
  }

  ended(): Rehearsal {
    const steps = this.#drawn().map((step): RehearsalStep => (step.outcome.is === 'waiting' ? { ...step, outcome: { is: 'skipped' } } : step));
    const failed = steps.some(({ outcome }) => outcome.is === 'failed');
    return { ...this.#rehearsal, steps, endedAt: this.#outside.clock.now(), verdict: failed ? 'failed' : 'passed' };
  }

  #drawn(): readonly RehearsalStep[] {
    return this.#rehearsal.steps.map((step) => ({ name: step.name, outcome: this.#results.get(step.name) ?? step.outcome }));
  }
}

function isWanted(connector: Connector, rehearsal: Rehearsal): boolean {
  return connector.rehearsal?.id === rehearsal.id && connector.rehearsal.verdict === 'running';
}

async function finish(outside: Parts, id: ConnectorId, ended: Rehearsal): Promise<void> {
  const actor = { userId: ended.by, way: 'job' as const };
  await revise(
    outside.store,
    'connector',
    id,
    (now) => (isWanted(now, ended) ? settled(outside, { ...now, rehearsal: ended }) : null),
    (now, before) => ({
      appends: [
        { log: 'rehearsal', partition: id, row: { ...ended, at: ended.endedAt ?? ended.startedAt } },
        audited(outside, actor, {
          ...{ action: 'connectors.rehearsed', connectorId: id, summary: sentence(now, ended) },
          // Of a connected one a pass swaps what is in force (C9).
          ...(now.inForce === before.inForce ? {} : changedSettings(before.inForce, now.inForce)),
        }),
      ],
    }),
  );
  await redraw(outside.store, cardOf(ended.id), true);
  outside.cards.changed([cardOf(ended.id)]);
}

/** A pass of exactly the saved settings puts them in force where the connector is connected (C9); a draft waits for *Activate* (C8). */
function settled(outside: Pick<Outside, 'fingerprint'>, connector: Connector): Connector {
  const connected = connector.state.is === 'active' || connector.state.is === 'disabled';
  const settings = connector.draft === null ? null : complete(connector.draft);
  if (!connected || settings === null || !isRehearsed(connector, (text) => outside.fingerprint.of(text))) return connector;
  const { dialect } = connector.rehearsal ?? {};
  return {
    ...connector,
    ...(dialect === undefined ? {} : { dialect }),
    inForce: settings,
    draft: null,
    health: connector.health.is === 'needs-credentials' ? { is: 'unknown' } : connector.health,
  };
}

function sentence({ name, state, draft }: Connector, { verdict }: Rehearsal): string {
  if (verdict !== 'passed') return `the rehearsal of ${name} failed`;
  const swapped = draft === null && (state.is === 'active' || state.is === 'disabled');
  return `the rehearsal of ${name} passed${swapped ? '; the new settings are in force' : ''}`;
}
