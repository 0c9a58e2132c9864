import { App, type AppOptions, type ReceiverEvent } from '@slack/bolt';
import type { Metrics, RequestKind } from '../../ports/metrics.ts';

const INTERACTIONS: ReadonlyMap<unknown, RequestKind> = new Map([
  ['block_actions', 'press'],
  ['view_submission', 'submission'],
  ['view_closed', 'closing'],
  ['block_suggestion', 'suggestion'],
  ['event_callback', 'event'],
]);

/** Bolt's app, which counts its acks and leaves no request without one, whatever came: Slack would repeat it, or show the person an error after three seconds. */
export class AnsweringApp extends App {
  readonly #metrics: Pick<Metrics, 'acked' | 'unacked'>;

  constructor(options: AppOptions, metrics: Pick<Metrics, 'acked' | 'unacked'>) {
    super(options);
    this.#metrics = metrics;
  }

  override async processEvent(event: ReceiverEvent): Promise<void> {
    const since = performance.now();
    const kind = kindOf(event.body);
    let acked = false;
    const ack: ReceiverEvent['ack'] = async (response) => {
      const isFirst = !acked;
      acked = true;
      await event.ack(response);
      if (isFirst) this.#metrics.acked(kind, (performance.now() - since) / 1_000);
    };
    try {
      await super.processEvent({ ...event, ack });
    } finally {
      if (!acked) {
        this.#metrics.unacked(kind);
        await event.ack();
      }
    }
  }
}

/** `body` is whatever JSON came in. */
function kindOf(body: unknown): RequestKind {
  if (typeof body !== 'object' || body === null) return 'other';
  if ('command' in body) return 'command';
  return ('type' in body ? INTERACTIONS.get(body.type) : undefined) ?? 'other';
}
