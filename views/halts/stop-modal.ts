import type { Standstill } from '../../src/domain/halts/verbs/stop.ts';
import type { Halt } from '../../src/domain/halts/halt.ts';
import { actions, button, context, input, type Message, message, type ModalView, modal, plainInput, section } from '../blocks.ts';
import { bold, date, joined, md, mention, type Mrkdwn } from '../mrkdwn.ts';
import { SIGNS } from '../signs.ts';
import { readText } from '../state.ts';
import { count, plural } from '../words.ts';

/** Runs told by name. */
const RUNS = 10;

/** What stopping comes to, or how the stop stands; computed as it opens (N5, C11). */
export function stopModal(of: Standstill, timeZone: string): ModalView {
  return of.halt === null ? stopDialog(of) : standingModal(of, of.halt, timeZone);
}

function stopDialog(of: Standstill): ModalView {
  return modal({
    callbackId: 'stop.all',
    title: 'Stop all writes?',
    submit: 'Stop all writes',
    close: 'Keep going',
    blocks: [
      section(
        md`${SIGNS.quarantined.sign} ${bold('No application is written to')} until an admin of everything resumes: no sync, no rehearsal, no off-boarding.`,
      ),
      section(underWay(of)),
      input('Why', plainInput({ action: 'why', max: 300, placeholder: 'The last import was wrong' }), { optional: true }),
      context('Requests on their way get their answer first. Runs go on where they were, in the same messages. What falls due meanwhile is made up for once.'),
    ],
  });
}

function underWay({ underWay: runs, rehearsals }: Standstill): Mrkdwn {
  if (runs.length === 0 && rehearsals === 0) return md`Nothing is under way now.`;
  const shown = runs
    .slice(0, RUNS)
    .map(({ run, connector }) => md`• ${connector}: ${run.id}, ${count(run.done)} of ${run.total === null ? '…' : count(run.total)}`);
  const more = runs.length - RUNS;
  return joined(
    [
      md`Under way: ${bold(plural(runs.length, 'run'))}${rehearsals === 0 ? '' : ` and ${plural(rehearsals, 'rehearsal')}`}`,
      ...shown,
      ...(more > 0 ? [md`and ${count(more)} more`] : []),
    ],
    '\n',
  );
}

function standingModal(of: Standstill, halt: Halt, timeZone: string): ModalView {
  const { mayResume } = of;
  return modal({
    callbackId: 'stop.off',
    title: mayResume ? 'Resume all writes?' : 'All writes are stopped',
    ...(mayResume ? { submit: 'Resume all writes' } : {}),
    close: mayResume ? 'Keep them stopped' : 'Close',
    blocks: [
      section(haltLine(halt, timeZone)),
      section(
        of.waiting === 0 ? 'No run waits for it.' : md`${bold(plural(of.waiting, 'run'))} ${of.waiting === 1 ? 'goes' : 'go'} on when writes are resumed.`,
      ),
      context(mayResume ? 'What fell due meanwhile is made up for once.' : 'Only an admin of everything resumes.'),
    ],
  });
}

/** `⛔ All writes are stopped since …, by @Ana: why`. */
function haltLine({ by, at, why }: Halt, timeZone: string): Mrkdwn {
  return md`${SIGNS.quarantined.sign} ${bold('All writes to all applications are stopped')} since ${date(at, timeZone)}, by ${mention(by)}${why === null ? '' : md`: ${why}`}`;
}

/** The red line of the hub and the Home tab; with *Resume…* for who may. */
export function haltSection(of: { readonly halt: Halt; readonly mayResume: boolean }, timeZone: string): ReturnType<typeof section> {
  const accessory = of.mayResume
    ? button({ text: 'Resume…', action: 'stop.open', style: 'danger', accessibilityLabel: 'Resume all writes' })
    : button({ text: 'See the stop', action: 'stop.open' });
  return section(haltLine(of.halt, timeZone), { accessory });
}

export function readStop(state: unknown): { readonly why: string | null } {
  return { why: readText(state, 'why') };
}

/** After the stop: nothing is on its way any more. */
export function stoppedMessage({ halt, paused }: { readonly halt: Halt; readonly paused: number }, timeZone: string, name: string): Message {
  const line = haltLine(halt, timeZone);
  return message({
    text: line,
    blocks: [
      section(line),
      section(`${paused === 0 ? 'No run was under way' : `${plural(paused, 'run')} paused`}; no request is on its way any more.`),
      actions([button({ text: 'See the stop', action: 'stop.open' })]),
      context(`/${name} stop off resumes; it takes an admin of everything`),
    ],
  });
}

export function resumedMessage({ resumed }: { readonly resumed: number }): Message {
  return message({ text: `Writes go on. ${resumed === 0 ? 'No run waited for it.' : `${plural(resumed, 'run')} ${resumed === 1 ? 'goes' : 'go'} on.`}` });
}
