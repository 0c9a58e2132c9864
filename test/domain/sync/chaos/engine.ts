import { executeRun } from '../../../../src/domain/sync/verbs/execute.ts';
import { startSync } from '../../../../src/domain/sync/verbs/start.ts';
import type { Run } from '../../../../src/domain/sync/run.ts';
import type { Pace } from '../../../../src/ports/pace.ts';
import { manualClock } from '../../../clock.ts';
import { door } from '../memory-target.ts';
import { watched } from '../watched-store.ts';
import { actor, CONNECTOR, type World, world } from '../world.ts';

/** One life of the engine on a data folder, before a target. */
export interface Life {
  readonly folder: string;
  readonly url: string;
  /** What its clock shows when it begins; it goes on as fast as it is waited for. */
  readonly now: number;
  /** It dies at this step, counted over requests and over both sides of every commit; null: it lives to the end of its run. */
  readonly deathAt: number | null;
  /** `killed`: the process kills itself with -9. `abandoned`: from then on nothing is sent or written any more, and the folder is free for the next life. */
  readonly death: 'killed' | 'abandoned';
}

/** The run that it carried to its end; null where it died before. */
export type Lived = Pick<Run, 'id' | 'counts' | 'state'> | null;

/** Counts steps; at the last one nothing goes on. */
function mortality({ deathAt, death }: Life): { readonly step: () => Promise<void> | undefined; readonly died: Promise<void> } {
  const { opened: died, open: die } = door();
  let steps = 0;
  let dead = false;
  const step = (): Promise<void> | undefined => {
    steps += 1;
    if (!dead && steps !== deathAt) return undefined;
    if (death === 'killed') process.kill(process.pid, 'SIGKILL');
    dead = true;
    die();
    return new Promise(() => undefined);
  };
  return { step, died };
}

function mortalPace(pace: Pace, step: () => Promise<void> | undefined): Pace {
  return {
    permit: (first) => step() ?? pace.permit(first),
    holdUntil: (instant) => pace.holdUntil(instant),
    heldUntil: () => pace.heldUntil(),
  };
}

/** As Usher does at its start: takes up the run that was left unfinished. Where there is none, somebody starts one. */
async function carryOut(home: World): Promise<Run> {
  const left = (await home.all('run')).find(({ state }) => state.is !== 'ended');
  const run = left ?? (await startSync(home.outside, actor(), { connectorId: CONNECTOR }));
  const done = await executeRun(home.outside, run.id);
  if (done === undefined) throw new Error(`${run.id} is gone`);
  return done;
}

/** Lives until its run has ended, or to the step of its death. */
export async function live(life: Life): Promise<Lived> {
  const clock = manualClock(life.now);
  const { step, died } = mortality(life);
  const home = await world({
    clock,
    allow: [new URL(life.url).host],
    folder: life.folder,
    around: (store) => watched(store, { before: step, after: step }),
    pace: (pace) => mortalPace(pace, step),
  });
  try {
    let over = false;
    const lived: Promise<Lived> = carryOut(home).then(({ id, counts, state }) => ({ id, counts, state }));
    const work = Promise.race([died.then(() => null), lived]).finally(() => {
      over = true;
    });
    work.catch(() => undefined);
    while (!over) {
      await Promise.race([work, clock.waited()]);
      // The heartbeat always waits: the network has a moment for itself before time passes.
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (!over) await clock.advanceToNext();
    }
    return await work;
  } finally {
    await home.close();
  }
}
