import { useCallback, useEffect, useState } from 'preact/hooks';

/** Where the person stands; kept in the address so that a reload or a shared link comes back here. */
export interface Place {
  readonly as: string | null;
  /** A channel id, `home` for the app's Home, or null for the first channel. */
  readonly channel: string | null;
  readonly thread: string | null;
}

export const homePlace = 'home';

function read(): Place {
  const query = new URLSearchParams(location.search);
  return { as: query.get('as'), channel: query.get('channel'), thread: query.get('thread') };
}

function write(place: Place): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(place)) if (typeof value === 'string') query.set(name, value);
  return `${location.pathname}?${query}`;
}

/** The place and how to move: `replace` for what the page decides itself, a new history entry for what the person does. */
export function usePlace(): [Place, (next: Partial<Place>, how?: 'push' | 'replace') => void] {
  const [place, setPlace] = useState(read);
  useEffect(() => {
    const back = (): void => setPlace(read());
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);
  const move = useCallback((next: Partial<Place>, how: 'push' | 'replace' = 'push') => {
    const merged = { ...read(), ...next };
    if (how === 'push') history.pushState(null, '', write(merged));
    else history.replaceState(null, '', write(merged));
    setPlace(merged);
  }, []);
  return [place, move];
}
