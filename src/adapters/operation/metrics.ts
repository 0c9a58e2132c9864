import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../../ports/metrics.ts';

/** What is read when somebody asks, instead of counted. */
export interface Gauges {
  /** Runs in this process's hands: working, or waiting for a target. */
  readonly runs: () => number;
  readonly rehearsals: () => number;
  /** Answers and background work that shutdown would wait for. */
  readonly inFlight: () => number;
  /** Cards whose post or edit waits for its turn, by kind. */
  readonly cards: () => Readonly<Record<string, number>>;
  /** Sockets to Slack; `wanted` is how many there should be. None in HTTP mode. */
  readonly sockets: () => { readonly wanted: number; readonly connected: number };
}

export interface Measured extends Metrics {
  readonly contentType: string;
  /** The exposition format of Prometheus. */
  text(): Promise<string>;
  /** Says where gauges are read; until then they are absent. */
  watch(gauges: Gauges): void;
}

/** Around Slack's three seconds, most of all below. */
const ACK = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];
/** Around a target's 30 s limit. */
const TARGET = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** A commit waits for the disk. */
const COMMIT = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1];

/** The `Metrics` port over prom-client, with the process's own metrics; each has a registry of its own. */
export function createMetrics(): Measured {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const acks = new Histogram({
    name: 'usher_ack_seconds',
    help: 'Time from a request of Slack to its ack.',
    labelNames: ['kind'],
    buckets: ACK,
    registers,
  });
  const unacked = new Counter({ name: 'usher_unacked_total', help: 'Requests that no listener acked.', labelNames: ['kind'], registers });
  const asks = new Counter({ name: 'usher_asks_total', help: 'What people got for what they asked.', labelNames: ['outcome'], registers });
  const runs = new Counter({ name: 'usher_runs_total', help: 'Runs that ended.', labelNames: ['kind', 'result'], registers });
  const target = new Histogram({
    name: 'usher_target_request_seconds',
    help: 'Requests to targets, by status class.',
    labelNames: ['status'],
    buckets: TARGET,
    registers,
  });
  const commits = new Histogram({
    name: 'usher_store_commit_seconds',
    help: 'Transactions of the store, until they are on the disk.',
    labelNames: ['outcome'],
    buckets: COMMIT,
    registers,
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    watch: (gauges) => watch(registry, gauges),
    acked: (kind, seconds) => acks.observe({ kind }, seconds),
    unacked: (kind) => unacked.inc({ kind }),
    asked: (outcome) => asks.inc({ outcome }),
    runEnded: (kind, result) => runs.inc({ kind, result }),
    targetAnswered: (status, seconds) => target.observe({ status: status === null ? 'none' : `${Math.floor(status / 100)}xx` }, seconds),
    committed: (outcome, seconds) => commits.observe({ outcome }, seconds),
  };
}

function watch(registry: Registry, gauges: Gauges): void {
  const registers = [registry];
  const single = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  single('usher_runs_in_hand', 'Runs that this process works on.', gauges.runs);
  single('usher_rehearsals_in_hand', 'Rehearsals that this process works on.', gauges.rehearsals);
  single('usher_work_in_flight', 'Answers and background work under way.', gauges.inFlight);
  single('usher_slack_sockets', 'Sockets to Slack that are connected.', () => gauges.sockets().connected);
  single('usher_slack_sockets_wanted', 'Sockets to Slack that should be connected.', () => gauges.sockets().wanted);
  new Gauge({
    name: 'usher_cards_waiting',
    help: 'Cards whose post or edit waits for its turn.',
    labelNames: ['lane'],
    registers,
    collect() {
      for (const [lane, waiting] of Object.entries(gauges.cards())) this.set({ lane }, waiting);
    },
  });
}
