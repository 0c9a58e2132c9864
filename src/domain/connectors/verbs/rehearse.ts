import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import type { Place } from '../../cards/card.ts';
import { newCard, redraw } from '../../cards/show.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { revise } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import type { Connector, ConnectorId } from '../connector.ts';
import { type Rehearsal, type RehearsalStep, type RehearsalStepName, stepsOf } from '../rehearsal.ts';
import { canonical, complete, hostOf, isRehearsed, missing } from '../settings.ts';
import { rehearsalSteps, type StepResult } from './rehearsal-steps.ts';
import { requireConnector } from './require.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'targets' | 'secrets' | 'paces' | 'fingerprint' | 'cards' | 'work'>;

/** Starts the rehearsal of the saved draft (C7); `place` is where its steps appear. Refuses while one is running, or while the draft lacks something. */
export async function startRehearsal(outside: Parts, actor: Actor, id: ConnectorId, place: Place): Promise<Connector> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'rehearse');
  const draft = connector.draft ?? {};
  const lacking = missing(draft);
  if (connector.draft === null && connector.inForce !== null)
    throw new Refusal({ is: 'nothing-to-do', detail: `${connector.name} has no unsaved edits; the settings in force were rehearsed.` });
  const settings = complete(draft);
  if (settings === null || lacking.length > 0)
    throw badInput(null, `The rehearsal still needs: ${lacking.join(', ')}.`, 'Go through the steps and fill them in.');
  const started: Rehearsal = {
    id: outside.chance.id(),
    fingerprint: outside.fingerprint.of(canonical(settings)),
    by: actor.userId,
    startedAt: outside.clock.now(),
    endedAt: null,
    steps: stepsOf(settings.manageGroups).map((name) => ({ name, outcome: { is: 'waiting' } })),
    verdict: 'running',
    leftOver: connector.rehearsal?.leftOver ?? { userId: null, groupId: null },
  };
  const next = await revise(
    outside.store,
    'connector',
    id,
    (now) => {
      if (now.rehearsal?.verdict === 'running') throw new Refusal({ is: 'nothing-to-do', detail: `The rehearsal of ${now.name} is still running.` });
      return { ...now, rehearsal: started };
    },
    () => ({
      appends: [audited(outside, actor, { action: 'connectors.rehearse', connectorId: id, summary: `started a rehearsal of ${connector.name}` })],
      puts: [newCard(cardOf(started), place, { is: 'rehearsal', connectorId: id, rehearsalId: started.id })],
    }),
  );
  outside.work.rehearse(id);
  return next ?? connector;
}

const cardOf = (rehearsal: Rehearsal): string => `rehearsal/${rehearsal.id}`;

/**
 * Performs a started rehearsal against the real endpoint, storing every step as it ends; its card follows (C7). A pass of an active or disabled connector swaps its settings at once (C9).
 * A rehearsal that a crash cut off is performed again from its beginning: it reuses its own left-over.
 */
export async function performRehearsal(outside: Parts, id: ConnectorId): Promise<Connector | undefined> {
  const stored = await outside.store.get('connector', id);
  const connector = stored?.value;
  const settings = connector?.draft ? complete(connector.draft) : null;
  if (connector?.rehearsal?.verdict !== 'running' || settings === null) return connector;
  const host = hostOf(settings.baseUrl) ?? '';
  const rehearsal = connector.rehearsal;
  let leftOver = rehearsal.leftOver;
  const results = new Map<RehearsalStepName, StepResult>();
  const show = async (): Promise<void> => {
    await revise(outside.store, 'connector', id, (now) =>
      now.rehearsal?.id === rehearsal.id ? { ...now, rehearsal: { ...now.rehearsal, leftOver, steps: drawn(rehearsal.steps, results) } } : null,
    );
    await redraw(outside.store, cardOf(rehearsal), false);
    outside.cards.changed([cardOf(rehearsal)]);
  };
  const steps = rehearsalSteps({ settings, connectorId: id, host, outside, requestsPerSecond: connector.operating.requestsPerSecond, leftOver });
  for await (const step of steps) {
    results.set(step.name, step.outcome);
    if (step.leftOver !== undefined) leftOver = step.leftOver;
    await show();
  }
  return finish(outside, id, rehearsal, drawn(rehearsal.steps, results), leftOver);
}

function drawn(steps: readonly RehearsalStep[], results: ReadonlyMap<RehearsalStepName, StepResult>): readonly RehearsalStep[] {
  return steps.map((step) => ({ name: step.name, outcome: results.get(step.name) ?? step.outcome }));
}

async function finish(
  outside: Parts,
  id: ConnectorId,
  rehearsal: Rehearsal,
  steps: readonly RehearsalStep[],
  leftOver: Rehearsal['leftOver'],
): Promise<Connector | undefined> {
  const failed = steps.some(({ outcome }) => outcome.is === 'failed');
  const ended: Rehearsal = {
    ...rehearsal,
    steps: steps.map((step) => (step.outcome.is === 'waiting' ? { ...step, outcome: { is: 'skipped' } } : step)),
    leftOver,
    endedAt: outside.clock.now(),
    verdict: failed ? 'failed' : 'passed',
  };
  const actor = { userId: rehearsal.by, way: 'job' as const };
  const next = await revise(
    outside.store,
    'connector',
    id,
    (now) => {
      if (now.rehearsal?.id !== rehearsal.id) return null;
      const settled = { ...now, rehearsal: ended };
      const settings = settled.draft === null ? null : complete(settled.draft);
      const swaps =
        (now.state.is === 'active' || now.state.is === 'disabled') && settings !== null && isRehearsed(settled, (text) => outside.fingerprint.of(text));
      return swaps ? { ...settled, inForce: settings, draft: null, health: now.health.is === 'needs-credentials' ? { is: 'unknown' } : now.health } : settled;
    },
    (now) => ({
      appends: [
        { log: 'rehearsal', partition: id, row: { ...ended, at: ended.endedAt ?? ended.startedAt } },
        audited(outside, actor, {
          action: 'connectors.rehearsed',
          connectorId: id,
          summary: `the rehearsal of ${now.name} ${failed ? 'failed' : 'passed'}${now.draft === null && !failed ? '; the new settings are in force' : ''}`,
        }),
      ],
    }),
  );
  await redraw(outside.store, cardOf(rehearsal), true);
  outside.cards.changed([cardOf(rehearsal)]);
  return next;
}
