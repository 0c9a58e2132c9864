import { Refusal } from '../../src/domain/refusal.ts';
import type { Run } from '../../src/domain/sync/run.ts';
import { cancelRun, pauseRun, resumeRun } from '../../src/domain/sync/verbs/steer.ts';
import { note } from '../../views/notice.ts';
import type { Answer, Ask, Command, Typed } from '../command.ts';

type Steer = (outside: Ask['outside'], actor: Ask['actor'], runId: string) => Promise<Run>;

const STEERS: Readonly<
  Record<'pause' | 'resume' | 'cancel', { readonly steer: Steer; readonly summary: string; readonly said: string; readonly next: string }>
> = {
  pause: { steer: pauseRun, summary: 'Let a run rest after the requests under way', said: 'is pausing.', next: 'It rests after the requests under way.' },
  resume: { steer: resumeRun, summary: 'Let a paused run go on', said: 'goes on.', next: 'What is left is planned anew.' },
  cancel: { steer: cancelRun, summary: 'End a run; what is done stays done', said: 'is being cancelled.', next: 'What is done stays done.' },
};

/** Pause, resume, cancel (S2). */
export const steerCommands: Command = {
  typed: (['pause', 'resume', 'cancel'] as const).map(
    (verb): Typed => ({
      topic: 'sync',
      verb,
      right: 'run',
      usage: `sync ${verb} <run>`,
      summary: STEERS[verb].summary,
      run: (ask, words) => steered(ask, verb, words.objects[0] ?? ''),
    }),
  ),
  presses: {
    'sync.pause': (ask, press) => steered(ask, 'pause', press.value ?? ''),
    'sync.resume': (ask, press) => steered(ask, 'resume', press.value ?? ''),
    'sync.cancel': (ask, press) => steered(ask, 'cancel', press.value ?? ''),
  },
};

async function steered(ask: Ask, verb: keyof typeof STEERS, typed: string): Promise<Answer> {
  const runId = typed.trim().toUpperCase();
  if (!/^R-\d+$/.test(runId)) throw new Refusal({ is: 'usage', typed, usage: [`sync ${verb} R-7`] });
  const { steer, said, next } = STEERS[verb];
  const run = await steer(ask.outside, ask.actor, runId);
  return { is: 'message', message: note(`${run.id} ${said}`, next) };
}
