import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ControlContainer } from '../../slack/control.ts';
import type { ShownBlock } from '../blocks/shapes.ts';
import { type Answer, call } from './api.ts';
import { spokenError } from './spoken.ts';
import { controlValues, type ElementValue, reconciled, type Values, withValue } from './values.ts';
import { useWorkspace } from './workspace.tsx';

/** The message, modal or Home that an element stands on: what its inputs hold, and how it reaches the app. */
interface Surface {
  readonly container: ControlContainer;
  readonly values: Values;
  readonly errors: Readonly<Record<string, string>>;
  readonly set: (block: string, actionId: string, value: ElementValue) => void;
  /** Sends an action; `changed` is the value that comes with it, already part of the state that is sent. */
  readonly act: (block: string, actionId: string, action: Readonly<Record<string, unknown>>, changed?: ElementValue) => Promise<void>;
  readonly suggest: (block: string, actionId: string, typed: string) => Promise<Answer>;
}

const Context = createContext<Surface | null>(null);

export const SurfaceProvider = Context.Provider;

/** The surface around this component. Throws outside of one, which is a mistake in the page. */
export function useSurface(): Surface {
  const surface = useContext(Context);
  if (surface === null) throw new Error('No surface around this component.');
  return surface;
}

const noErrors: Readonly<Record<string, string>> = {};

interface SurfaceStart {
  readonly container: ControlContainer;
  readonly blocks: readonly ShownBlock[];
  /** The channel that `default_to_current_conversation` means. */
  readonly conversation: string | null;
  readonly errors?: Readonly<Record<string, string>>;
  /** What was entered before the page was loaded. */
  readonly entered?: Values;
}

/** A surface for these blocks. What a person entered survives new blocks as long as ids are unchanged. */
export function useNewSurface({ container, blocks, conversation, errors = noErrors, entered = {} }: SurfaceStart): Surface {
  const { state, tell } = useWorkspace();
  const as = state.me.id;
  const [values, setValues] = useState<Values>(() => reconciled(entered, blocks, conversation));
  // The newest values, for an action that is sent in the same turn as its change.
  const newest = useRef(values);
  const put = useCallback((next: Values) => {
    newest.current = next;
    setValues(next);
  }, []);
  useEffect(() => put(reconciled(newest.current, blocks, conversation)), [blocks]);
  // A complaint stands until its field is touched, or until the next answer.
  const [mended, setMended] = useState<Readonly<Record<string, true>>>({});
  useEffect(() => setMended({}), [errors]);
  const standing = useMemo(() => Object.fromEntries(Object.entries(errors).filter(([block]) => mended[block] !== true)), [errors, mended]);
  const where = JSON.stringify(container);
  return useMemo(() => {
    const answered = (answer: Answer): void => {
      const words = answer.ok ? null : spokenError(answer.error);
      if (words !== null) tell(words);
    };
    return {
      container,
      values,
      errors: standing,
      set: (block, actionId, value) => {
        setMended((before) => ({ ...before, [block]: true }));
        put(withValue(newest.current, block, actionId, value));
      },
      act: async (block, actionId, action, changed) => {
        if (changed !== undefined) put(withValue(newest.current, block, actionId, changed));
        answered(await call('act', { as, container, blockId: block, actionId, action, values: controlValues(newest.current) }));
      },
      suggest: (block, actionId, typed) => call('suggest', { as, container, blockId: block, actionId, typed }),
    };
  }, [where, values, standing, as, put, tell]);
}
