import { onTestFinished } from 'vitest';
import type { Connector, OperatingSettings, RehearsedSettings } from '../../src/domain/connectors/connector.ts';
import { type QuirkyServer, startQuirky } from '../../src/sandbox/scim/quirks/server.ts';
import type { Quirks } from '../../src/sandbox/scim/quirks/quirks.ts';
import { MORNING } from '../clock.ts';
import { connector, type World, world } from '../domain/sync/world.ts';

export interface Played {
  readonly server: QuirkyServer;
  readonly home: World;
  readonly connector: Connector;
  /** Kinds of the requests since the last `forget`, in order. */
  readonly kinds: () => readonly string[];
}

/** The sync engine before a small SCIM service with these quirks; the first adoption there is approved. Both end with the test. */
export async function playing(
  quirks: Quirks,
  changes: {
    readonly settings?: Partial<RehearsedSettings>;
    readonly operating?: Partial<OperatingSettings>;
    readonly connector?: Partial<Connector>;
  } = {},
  options: Parameters<typeof world>[0] = {},
): Promise<Played> {
  const server = await startQuirky(quirks);
  onTestFinished(server.close);
  const home = await world({ allow: [new URL(server.url).host], ...options });
  onTestFinished(home.close);
  const adoption = { at: MORNING, by: 'U2', baseUrl: server.url };
  const given = connector(server.url, { ...changes, connector: { adoption, ...changes.connector } });
  return { server, home, connector: given, kinds: () => server.heard().map(({ kind }) => kind) };
}
