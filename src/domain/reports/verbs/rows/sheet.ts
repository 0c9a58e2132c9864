import type { Outside } from '../../../../ports/outside.ts';
import type { Connector } from '../../../connectors/connector.ts';
import type { Actor } from '../../../rights/grant.ts';
import { namesOf } from '../../../rights/verbs/names.ts';
import type { ReportFilter } from '../../report.ts';
import type { ReportScope } from '../scope.ts';

/** What the rows of a report are drawn from. */
export interface Drawing {
  readonly outside: Pick<Outside, 'store' | 'settings' | 'breath' | 'workspace' | 'clock'>;
  readonly actor: Actor;
  readonly filter: ReportFilter;
  readonly scope: ReportScope;
  /** The plain name of a Slack user, asked of the workspace once; the id where it has none. */
  readonly nameOf: (userId: string) => Promise<string>;
}

/** One report: its first row, and the others as they are drawn from the store, never all at once (R1). */
export interface ReportSheet {
  readonly header: readonly string[];
  readonly rows: (drawing: Drawing) => AsyncGenerator<readonly string[]>;
  /** The same as values, for JSON lines; only where a report is offered so. */
  readonly records?: (drawing: Drawing) => AsyncGenerator<object>;
}

/** Asks the workspace for each user once. */
export function rememberedNames(outside: Pick<Outside, 'workspace'>): (userId: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return (userId) => {
    const name = known.get(userId) ?? namesOf(outside, [userId]).then((named) => named(userId));
    known.set(userId, name);
    return name;
  };
}

/** The same for channels; empty for one whose name Usher can't tell. */
export function rememberedChannels({ workspace }: Pick<Outside, 'workspace'>): (channelId: string) => Promise<string> {
  const known = new Map<string, string>();
  return async (channelId) => {
    const name = known.get(channelId) ?? (await workspace.channelName(channelId)) ?? '';
    known.set(channelId, name);
    return name;
  };
}

/** The application that a connector provisions; empty where its instance is gone. */
export async function applicationOf({ store }: Pick<Outside, 'store'>, connector: Connector): Promise<string> {
  return (await store.get('instance', connector.instanceId))?.value.application ?? '';
}
