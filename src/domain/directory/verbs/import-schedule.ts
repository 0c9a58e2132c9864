import type { Outside } from '../../../ports/outside.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import { SCHEDULE } from '../../rights/verbs/who.ts';
import { type Importing, importDirectory } from './import.ts';

type Needs = Importing & Pick<Outside, 'calendar' | 'sources'>;

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

/** The counter of when a source's schedule fired last: an import that began before it is not that firing's (N5). */
export function importFiredKey(source: string): string {
  return `import-fired/${source}`;
}

async function isDue(outside: Needs, cron: string, name: string): Promise<boolean> {
  const now = outside.clock.now();
  const key = `imported/${name}/${cron}`;
  const fired = await outside.store.get('counter', key);
  const due = fired !== undefined && outside.calendar.next(cron, outside.settings.timeZone, fired.value.value) <= now;
  if (fired !== undefined && !due) return false;
  const firing = due ? [put('counter', importFiredKey(name), { value: now })] : [];
  const marked = await outside.store.transaction({ puts: [put('counter', key, { value: now }, fired?.version ?? 0), ...firing] });
  return due && marked === 'committed';
}
