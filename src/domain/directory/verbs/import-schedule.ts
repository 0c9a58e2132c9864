import type { Outside } from '../../../ports/outside.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import { SCHEDULE } from '../../rights/verbs/who.ts';
import { importDirectory } from './import.ts';

type Needs = Pick<Outside, 'settings' | 'store' | 'clock' | 'chance' | 'breath' | 'log' | 'calendar' | 'sources'>;

/** Imports every source whose time has come; missed firings collapse into one. Nothing without a schedule. */
export async function importDue(outside: Needs, cron: string | null): Promise<void> {
  if (cron === null) return;
  for (const source of outside.sources) {
    if (!(await isDue(outside, cron, source.name))) continue;
    try {
      await importDirectory(outside, SCHEDULE, source);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      outside.log.info({ source: source.name, reason: refusal.reason.is }, 'a scheduled import was not made');
    }
  }
}

async function isDue(outside: Needs, cron: string, name: string): Promise<boolean> {
  const now = outside.clock.now();
  const key = `imported/${name}/${cron}`;
  const fired = await outside.store.get('counter', key);
  const due = fired !== undefined && outside.calendar.next(cron, outside.settings.timeZone, fired.value.value) <= now;
  if (fired !== undefined && !due) return false;
  const marked = await outside.store.transaction({ puts: [put('counter', key, { value: now }, fired?.version ?? 0)] });
  return due && marked === 'committed';
}
