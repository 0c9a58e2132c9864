import { lookAtSecrets } from '../domain/connectors/verbs/rotate-secrets.ts';
import { isUnderWay } from '../domain/sync/run.ts';
import type { Outside } from '../ports/outside.ts';
import type { Answering } from './answers.ts';

/** How this Usher stands, in lines for whoever runs it. */
export async function status({ outside, folder, startedAt, process }: Answering): Promise<readonly string[]> {
  const { store, clock, settings } = outside;
  const head = await store.auditHead();
  return [
    `${settings.name} runs as process ${process} since ${new Date(startedAt).toISOString()}, data folder ${folder}, now ${new Date(clock.now()).toISOString()}`,
    `Connectors: ${await connectors(outside)}`,
    `Runs under way: ${await runs(outside)}`,
    `Approvals: ${await approvals(outside)}`,
    `Secrets: ${await secrets(outside)}`,
    head === null ? 'Audit: no row in the chain yet' : `Audit: row ${head.seq}, head ${head.hash}`,
  ];
}

async function connectors({ store }: Outside): Promise<string> {
  const states = new Map<string, number>();
  for await (const page of store.scan('connector')) for (const { value } of page) states.set(value.state.is, (states.get(value.state.is) ?? 0) + 1);
  return states.size === 0 ? 'none' : [...states].map(([state, count]) => `${count} ${state}`).join(', ');
}

async function runs({ store }: Outside): Promise<string> {
  const lines: string[] = [];
  for await (const page of store.scan('run'))
    for (const { value } of page)
      if (isUnderWay(value)) lines.push(`${value.id} ${value.connectorId} ${value.state.is}, ${value.done} of ${value.total ?? '?'}`);
  return lines.length === 0 ? 'none' : lines.join('; ');
}

async function approvals({ store, clock }: Outside): Promise<string> {
  let open = 0;
  const alone: string[] = [];
  for await (const page of store.scan('approval')) {
    for (const { value } of page) {
      if (value.state.is !== 'open') continue;
      open += 1;
      if (value.aloneUntil !== null && value.aloneUntil <= clock.now()) alone.push(value.id);
    }
  }
  return `${open} waiting${alone.length === 0 ? '' : `; to be released here: ${alone.join(', ')}`}`;
}

async function secrets(outside: Outside): Promise<string> {
  const { current, older, unopened } = await lookAtSecrets(outside);
  return [
    `${current} sealed with the key ${outside.secrets.keyId}`,
    ...[...older].map(([key, count]) => `${count} with the older key ${key}: \`usher secrets rotate\``),
    ...unopened.map(({ name, problem }) => `${name}: ${problem}`),
  ].join('; ');
}
