import type { WriteLetter } from '../domain/enrollment/letter.ts';
import type { Grant } from '../domain/rights/grant.ts';
import type { Brake } from './brake.ts';
import type { Breath } from './breath.ts';
import type { Calendar } from './calendar.ts';
import type { Cards } from './cards.ts';
import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';
import type { DirectorySource } from './directory-source.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Log } from './log.ts';
import type { Mail } from './mail.ts';
import type { Metrics } from './metrics.ts';
import type { Paces } from './pace.ts';
import type { Secrets } from './secrets.ts';
import type { Sheets } from './sheets.ts';
import type { Store } from './store.ts';
import type { Targets } from './target.ts';
import type { Work } from './work.ts';
import type { Workspace } from './workspace.ts';

/** What was settled before the app started and every verb may need. */
export interface Settings {
  /** The slash command's name without the slash: `usher`. */
  readonly name: string;
  /** Zone of organizations that name none. */
  readonly timeZone: string;
  /** Roles from the configuration: the first admins (X1). */
  readonly grants: readonly Grant[];
  /** Removal of more than both holds an import (D3). */
  readonly importThreshold: { readonly people: number; readonly percent: number };
}

/** All ports: what the app asks of the world. A verb takes those it needs: `Pick<Outside, 'store' | 'clock'>`. */
export interface Outside {
  readonly settings: Settings;
  readonly store: Store;
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly chance: Chance;
  readonly breath: Breath;
  readonly fingerprint: Fingerprint;
  readonly secrets: Secrets;
  readonly targets: Targets;
  readonly brake: Brake;
  readonly paces: Paces;
  readonly sources: readonly DirectorySource[];
  readonly cards: Cards;
  readonly workspace: Workspace;
  readonly sheets: Sheets;
  readonly work: Work;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Null where no mail server or no page is configured: enrollment can't be switched on then (E13). `url`: where people enroll, without a slash at the end. `write`: puts letters into words. */
  readonly enrollment: { readonly mail: Mail; readonly url: string; readonly write: WriteLetter } | null;
}
