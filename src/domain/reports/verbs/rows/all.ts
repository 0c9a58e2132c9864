import type { ReportName } from '../../report.ts';
import { accounts } from './accounts.ts';
import { assignments } from './assignments.ts';
import { audit } from './audit.ts';
import { connectors } from './connectors.ts';
import { enrollment } from './enrollment.ts';
import { events } from './events.ts';
import { partners } from './partners.ts';
import { runs } from './runs.ts';
import { seats } from './seats.ts';
import type { ReportSheet } from './sheet.ts';

/** Every report by its name (R1). */
export const SHEETS: Readonly<Record<ReportName, ReportSheet>> = { connectors, assignments, accounts, runs, events, audit, enrollment, seats, partners };
