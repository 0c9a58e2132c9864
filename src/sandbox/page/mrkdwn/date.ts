import { DateTime } from 'luxon';

/** Day of the month as English writes it: 1st, 22nd, 13th. */
function ordinal(day: number): string {
  const teen = day % 100 >= 11 && day % 100 <= 13;
  const ending = teen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
  return `${day}${ending}`;
}

function pretty(at: DateTime, now: DateTime, otherwise: string): string {
  const days = at.startOf('day').diff(now.startOf('day'), 'days').days;
  if (days === 0) return 'today';
  if (days === 1) return 'tomorrow';
  return days === -1 ? 'yesterday' : otherwise;
}

function token(name: string, at: DateTime, now: DateTime): string | null {
  const day = ordinal(at.day);
  const long = at.toFormat(`cccc, LLLL '${day}', yyyy`);
  const full = at.toFormat(`LLLL '${day}', yyyy`);
  const short = at.toFormat('LLL d, yyyy');
  switch (name) {
    case 'date_num':
      return at.toFormat('yyyy-MM-dd');
    case 'date_slash':
      return at.toFormat('MM/dd/yyyy');
    case 'date':
      return full;
    case 'date_long':
    case 'date_long_full':
      return long;
    case 'date_short':
      return short;
    case 'date_pretty':
      return pretty(at, now, full);
    case 'date_long_pretty':
      return pretty(at, now, long);
    case 'date_short_pretty':
      return pretty(at, now, short);
    case 'time':
      return at.toFormat('h:mm a');
    case 'time_secs':
      return at.toFormat('h:mm:ss a');
    case 'day_divider_pretty':
      return pretty(at, now, at.toFormat(`cccc, LLLL '${day}'`));
    case 'ago':
      return at.toRelative({ base: now, locale: 'en' });
    default:
      return null;
  }
}

/** An IANA zone that this browser knows, else UTC. */
export function knownZone(zone: string): string {
  return DateTime.utc().setZone(zone).isValid ? zone : 'UTC';
}

/**
 * The text of `<!date^epoch^format|fallback>` in the viewer's zone (docs.slack.dev, messaging/formatting-message-text).
 * Null when the format holds a token that Slack does not know: the fallback is shown then.
 */
export function slackDate(epochSeconds: number, format: string, zone: string, nowMs: number): string | null {
  const at = DateTime.fromSeconds(epochSeconds, { zone: knownZone(zone), locale: 'en-US' });
  if (!at.isValid) return null;
  const now = DateTime.fromMillis(nowMs, { zone: knownZone(zone), locale: 'en-US' });
  let unknown = false;
  const text = format.replace(/\{([a-z_]+)\}/g, (_whole, name: string) => {
    const spoken = token(name, at, now);
    if (spoken === null) unknown = true;
    return spoken ?? '';
  });
  return unknown ? null : text;
}
