import type { Datepicker, DateTimepicker, Timepicker } from '@slack/types';
import { DateTime } from 'luxon';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { knownZone } from '../mrkdwn/date.ts';
import type { ElementValue } from '../state/values.ts';
import { useWorkspace } from '../state/workspace.tsx';
import { naming, usePlacement, useValue } from './context.ts';

/** A browser reports every half-typed date that is a date; the app hears of it after this pause, or when the field is left. */
const pauseMs = 700;

export function DatepickerElement({ element }: { readonly element: Datepicker }): VNode {
  const { value } = useValue(element);
  return (
    <Moment
      element={element}
      type="date"
      shown={value?.selected_date ?? ''}
      name={element.placeholder?.text ?? 'Date'}
      toValue={(text) => ({ type: element.type, selected_date: text || null })}
    />
  );
}

export function TimepickerElement({ element }: { readonly element: Timepicker }): VNode {
  const { value } = useValue(element);
  const zone = element.timezone === undefined ? {} : { timezone: element.timezone };
  return (
    <Moment
      element={element}
      type="time"
      shown={value?.selected_time ?? ''}
      name={element.placeholder?.text ?? 'Time'}
      toValue={(text) => ({ type: element.type, selected_time: text || null, ...zone })}
      note={element.timezone}
    />
  );
}

/** A moment is typed in the viewer's zone and sent as epoch seconds. */
export function DateTimepickerElement({ element }: { readonly element: DateTimepicker }): VNode {
  const { state } = useWorkspace();
  const { value } = useValue(element);
  const zone = knownZone(state.me.timeZone);
  const epoch = value?.selected_date_time ?? null;
  const shown = epoch === null ? '' : DateTime.fromSeconds(epoch, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");
  const toValue = (text: string): ElementValue => {
    const at = DateTime.fromISO(text, { zone });
    return { type: element.type, selected_date_time: at.isValid ? Math.floor(at.toSeconds()) : null };
  };
  return <Moment element={element} type="datetime-local" shown={shown} name="Date and time" toValue={toValue} note={zone} />;
}

interface MomentProps {
  readonly element: Datepicker | Timepicker | DateTimepicker;
  readonly type: 'date' | 'time' | 'datetime-local';
  readonly shown: string;
  readonly name: string;
  readonly toValue: (text: string) => ElementValue;
  /** The zone that the time is in, said beside the field. */
  readonly note?: string | undefined;
}

function Moment({ element, type, shown, name, toValue, note }: MomentProps): VNode {
  const placement = usePlacement();
  const { keep, send } = useValue(element);
  const waiting = useRef<ElementValue | null>(null);
  const timer = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const flush = (): void => {
    window.clearTimeout(timer.current);
    const next = waiting.current;
    waiting.current = null;
    if (next !== null) void send(next);
  };
  const onChange = (text: string): void => {
    const next = toValue(text);
    keep(next);
    if (!placement.dispatches) return;
    waiting.current = next;
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(flush, pauseMs);
  };
  return (
    <span class="moment">
      <input
        {...naming(placement, name)}
        type={type}
        class="field"
        value={shown}
        data-focus={element.focus_on_load === true || undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
        onBlur={flush}
      />
      {note !== undefined && <span class="note">{note}</span>}
    </span>
  );
}
