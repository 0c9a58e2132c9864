import type { TargetVerification } from '../../src/domain/verify/verification.ts';
import { actions, button, context, type Message, message, section } from '../blocks.ts';
import { bold, md } from '../mrkdwn.ts';
import type { RunCard } from '../sync/run-card.ts';
import { count, duration, plural } from '../words.ts';

/** A verification as one message that is edited in place: waiting, how much was read, what differs (S20). It holds counts only. */
export function verifyMessage(card: RunCard, verification: TargetVerification | null): Message {
  const { run, connector } = card;
  const origin = context(md`${run.id} · ${connector.id} · started by ${card.by} · writes nothing to ${connector.name}`);
  const { state } = run;
  switch (state.is) {
    case 'queued':
      return message({
        text: `Verification of ${connector.name} is waiting to start (${run.id}).`,
        blocks: [section(md`${bold(`Verification of ${connector.name}`)} is waiting to start.`), cancel(card), origin],
      });
    case 'running':
    case 'paused':
      return message({
        text: `Verifying ${connector.name}: ${count(run.done)} read.`,
        blocks: [
          section(md`${bold(`Verifying ${connector.name}`)} · ${plural(run.done, 'account')} read${state.is === 'paused' ? ' · paused' : ''}`),
          cancel(card),
          origin,
        ],
      });
    case 'ended': {
      const said = result(card, verification);
      const took = run.startedAt === null ? '' : ` · took ${duration(state.at - run.startedAt)}`;
      return message({
        text: said.text,
        blocks: [
          section(md`${said.sign} ${bold(said.text)}${took}`),
          said.drifted > 0 && section('Tick what shall be as it was pushed and re-assert it, or accept what is there.'),
          actions([
            said.drifted > 0 && button({ text: 'Show what differs', action: 'verify.list', value: connector.id, style: 'primary' }),
            button({ text: 'Verify again', action: 'verify.start', value: connector.id }),
            button({ text: 'Connector', action: 'connectors.open', value: connector.id }),
          ]),
          origin,
        ],
      });
    }
  }
}

function result(
  { run, connector }: RunCard,
  verification: TargetVerification | null,
): { readonly sign: string; readonly text: string; readonly drifted: number } {
  if (run.state.is === 'ended' && run.state.ending === 'completed' && verification?.state.is === 'done') {
    const { read, drifted, unmanaged } = verification.state;
    const others = unmanaged === 0 ? '' : `, ${count(unmanaged)} not managed`;
    if (drifted === 0) return { sign: '●', drifted, text: `${connector.name} is as it was pushed: ${plural(read, 'account')} read${others}.` };
    const differ = drifted === 1 ? '1 account differs' : `${count(drifted)} accounts differ`;
    return { sign: '◐', drifted, text: `${connector.name}: ${differ} from what was last pushed, of ${count(read)} read${others}.` };
  }
  const cancelled = run.state.is === 'ended' && run.state.ending === 'cancelled';
  const why = run.state.is === 'ended' && run.state.detail !== null ? ` ${run.state.detail}` : '';
  return { sign: cancelled ? '–' : '✕', drifted: 0, text: `${connector.name} was not read to the end: ${plural(run.done, 'account')}.${why}` };
}

function cancel({ run, steers = true }: RunCard): ReturnType<typeof actions> {
  return actions([steers && run.asked === null && button({ text: 'Cancel', action: 'sync.cancel', value: run.id })]);
}
