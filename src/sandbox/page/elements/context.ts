import type { ConfirmationDialog } from '@slack/types';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { useAsk } from '../modal/confirm.tsx';
import { useSurface } from '../state/surface.tsx';
import type { ElementValue } from '../state/values.ts';

/** How an element is placed: what names it, and whether a change of it goes to the app. */
export interface Placement {
  /** Key of the block around it. */
  readonly block: string;
  /** In an input block only `dispatch_action` makes a change an action; everywhere else it always is one. */
  readonly dispatches: boolean;
  readonly required: boolean;
  /** Id of the control, for the label of an input block. */
  readonly controlId: string;
  /** Id of the element that names the control, or null: then its placeholder does. */
  readonly labelledBy: string | null;
  /** Ids of hint and error. */
  readonly describedBy: string | null;
  readonly invalid: boolean;
}

const Context = createContext<Placement | null>(null);

export const PlacementProvider = Context.Provider;

export function usePlacement(): Placement {
  const placement = useContext(Context);
  if (placement === null) throw new Error('No block around this element.');
  return placement;
}

interface Confirmed {
  readonly action_id?: string;
  readonly confirm?: ConfirmationDialog;
}

/** Value and change of one element. A change asks first where the element says so, and is dropped on a no. */
export function useValue(element: Confirmed): {
  readonly value: ElementValue | null;
  readonly change: (next: ElementValue) => Promise<void>;
  readonly keep: (next: ElementValue) => void;
  readonly send: (next: ElementValue) => Promise<void>;
} {
  const surface = useSurface();
  const { block, dispatches } = usePlacement();
  const ask = useAsk();
  const actionId = element.action_id ?? '';
  const send = async (next: ElementValue): Promise<void> => {
    const { type: _type, ...own } = next;
    if (await ask(element.confirm)) await surface.act(block, actionId, own, next);
  };
  const keep = (next: ElementValue): void => surface.set(block, actionId, next);
  return {
    value: surface.values[block]?.[actionId] ?? null,
    keep,
    send,
    change: async (next) => (dispatches ? await send(next) : keep(next)),
  };
}

/** ARIA of a control by its placement; `fallback` names it where no label does. */
export function naming(placement: Placement, fallback: string): Readonly<Record<string, string | boolean | undefined>> {
  return {
    id: placement.controlId,
    'aria-labelledby': placement.labelledBy ?? undefined,
    'aria-label': placement.labelledBy === null ? fallback : undefined,
    'aria-describedby': placement.describedBy ?? undefined,
    'aria-required': placement.required || undefined,
    'aria-invalid': placement.invalid || undefined,
  };
}
