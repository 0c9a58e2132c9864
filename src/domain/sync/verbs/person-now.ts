import type { Place } from '../../cards/card.ts';
import { newCard } from '../../cards/show.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import { connectorById, type VisibleConnector } from '../../connectors/verbs/find.ts';
import type { PersonId } from '../../directory/person.ts';
import { requireNoHalt } from '../../halts/stopped.ts';
import { Refusal } from '../../refusal.ts';
import { revise } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { accountKey } from '../account.ts';
import { isUnderWay, type Run } from '../run.ts';
import { tracesOf } from '../trace.ts';
import { createRun, runUnderWay } from './create-run.ts';
import { permittedScope } from './permit.ts';
import { requireActive, type Starting } from './start.ts';

/** `joined`: goes first within a run under way; `started`: a run of their own. */
export type PersonNow = { readonly is: 'joined' | 'started'; readonly run: Run };

/** *One person now* (S1): ahead of everybody else in the run under way, or alone. */
export async function personNow(
  outside: Starting,
  actor: Actor,
  { connectorId, personId, place }: { readonly connectorId: ConnectorId; readonly personId: PersonId; readonly place?: Place },
): Promise<PersonNow> {
  const visible = await connectorById(outside, actor, connectorId);
  const { connector } = visible;
  if (!(await isSeen(outside, visible, personId))) throw new Refusal({ is: 'not-found', what: 'person', typed: personId, near: [] });
  const scope = await permittedScope(outside, actor, connector, { is: 'people', ids: [personId] });
  requireActive(connector, 'provision');
  await requireNoHalt(outside.store);
  for (;;) {
    const under = await runUnderWay(outside.store, connectorId);
    if (under !== undefined) {
      const joined = await join(outside, under, personId, actor.userId);
      if (joined !== undefined) return { is: 'joined', run: joined };
    }
    try {
      return { is: 'started', run: await createRun(outside, { connector, kind: 'person', scope, by: actor.userId, way: actor.way, verb: 'provision', place }) };
    } catch (refusal) {
      // Another run began in between: join that one.
      if (!(refusal instanceof Refusal) || refusal.reason.is !== 'running') throw refusal;
    }
  }
}

/** Somebody of the actor's organizations; of others only who has an account in a connector that the actor sees the whole of. */
async function isSeen(outside: Starting, { connector, whole, organizations }: VisibleConnector, personId: PersonId): Promise<boolean> {
  const person = await outside.store.get('person', personId);
  if (person !== undefined && organizations.has(person.value.organizationId)) return true;
  return whole && (await outside.store.get('account', accountKey(connector.id, personId))) !== undefined;
}

/** Undefined where the run ended meanwhile. */
async function join(outside: Starting, under: Run, personId: PersonId, userId: string): Promise<Run | undefined> {
  // Their trace has a message of its own (S16): the run's is about everybody.
  const card = `${tracesOf(under.id, personId)}${outside.chance.id()}`;
  const run = await revise(
    outside.store,
    'run',
    under.id,
    (present) => {
      const waiting = present.expedite ?? [];
      return !isUnderWay(present) || waiting.includes(personId) ? null : { ...present, expedite: [...waiting, personId] };
    },
    () => ({ puts: [newCard(card, { is: 'person', userId }, { is: 'trace', runId: under.id, personId })] }),
  );
  outside.cards.changed([card]);
  if (run === undefined || !isUnderWay(run)) return undefined;
  outside.work.run(run.id);
  return run;
}
