import { useEffect, useRef, useState } from 'preact/hooks';
import { type OptionSet, readSuggestions } from '../blocks/shapes.ts';
import { useSurface } from '../state/surface.tsx';
import { usePlacement } from './context.ts';

/** Slack's client waits for a pause in the typing before it asks the app. */
const pauseMs = 200;

interface Suggestions {
  readonly sets: readonly OptionSet[];
  readonly status: string | null;
  /** Null when the list closes: nothing is asked any more. */
  readonly onType: (typed: string | null) => void;
}

/** Options from the app, asked for as the person types (`block_suggestion`). Only the answer to the newest text counts. */
export function useSuggestions(actionId: string, least: number): Suggestions {
  const { suggest } = useSurface();
  const { block } = usePlacement();
  const [sets, setSets] = useState<readonly OptionSet[]>([]);
  const [status, setStatus] = useState<string | null>(null);
  const newest = useRef(0);
  const timer = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const ask = async (typed: string, turn: number): Promise<void> => {
    const answer = await suggest(block, actionId, typed);
    if (turn !== newest.current) return;
    const read = answer.ok ? readSuggestions(answer.body) : null;
    setSets(read ?? []);
    if (read === null) setStatus('The options could not be loaded.');
    else setStatus(read.some((set) => set.options.length > 0) ? null : 'Nothing matches.');
  };
  const onType = (typed: string | null): void => {
    newest.current += 1;
    const turn = newest.current;
    window.clearTimeout(timer.current);
    if (typed === null) return;
    if (typed.length < least) {
      setSets([]);
      setStatus(least === 1 ? 'Type to search.' : `Type at least ${least} characters.`);
      return;
    }
    setStatus('Searching…');
    timer.current = window.setTimeout(() => void ask(typed, turn), typed === '' ? 0 : pauseMs);
  };
  return { sets, status, onType };
}
