import { createContext } from 'preact';
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ControlChannel, ControlMessage, ControlState, ControlUser } from '../../slack/control.ts';
import { hear, readMessages, readState } from './api.ts';
import { coalesced } from './coalesced.ts';

/** The person's view of the workspace, kept current by the stream. */
export interface Workspace {
  readonly state: ControlState;
  readonly userOf: (id: string) => ControlUser | null;
  readonly channelOf: (id: string) => ControlChannel | null;
  /** The name of a person or a channel by id, as mentions show it. */
  readonly nameOf: (id: string) => string | null;
  readonly titleOf: (channel: ControlChannel) => string;
  /** Says something to the person for a moment (a toast). */
  readonly tell: (text: string) => void;
  /** Calls back whenever messages of that channel changed. */
  readonly onMessages: (channelId: string, changed: () => void) => () => void;
}

const Context = createContext<Workspace | null>(null);

export const WorkspaceProvider = Context.Provider;

/** The workspace around this component. Throws outside of one, which is a mistake in the page. */
export function useWorkspace(): Workspace {
  const workspace = useContext(Context);
  if (workspace === null) throw new Error('No workspace around this component.');
  return workspace;
}

/** `nobody`: the address names a person who does not exist here. */
export type Reach =
  | { readonly is: 'reading' | 'nobody' }
  | { readonly is: 'unreachable'; readonly why: string }
  | { readonly is: 'there'; readonly workspace: Workspace; readonly live: boolean };

type Listeners = Map<string, Set<() => void>>;

/** Reads the workspace as this person and follows it. */
export function useReach(as: string | null, tell: (text: string) => void): Reach {
  const [state, setState] = useState<ControlState | null>(null);
  const [why, setWhy] = useState<string | null>(null);
  const [nobody, setNobody] = useState<string | null>(null);
  const [live, setLive] = useState(true);
  const listeners = useRef<Listeners>(new Map());
  const person = as ?? state?.me.id ?? null;

  useEffect(() => {
    let gone = false;
    const refresh = coalesced(async () => {
      try {
        const fresh = await readState(as);
        if (gone) return;
        setNobody(fresh === null ? as : null);
        if (fresh !== null) setState(fresh);
        setWhy(null);
      } catch (error) {
        if (!gone) setWhy(error instanceof Error ? error.message : String(error));
      }
    });
    refresh();
    if (person === null) {
      return () => {
        gone = true;
      };
    }
    const everything = (): void => {
      refresh();
      for (const set of listeners.current.values()) for (const changed of set) changed();
    };
    const stop = follow(person, { state: refresh, messages: (id) => notify(listeners.current, id), everything, live: setLive });
    return () => {
      gone = true;
      stop();
    };
  }, [as, person]);

  return useMemo(() => {
    if (as !== null && nobody === as) return { is: 'nobody' };
    if (state === null || (as !== null && state.me.id !== as)) return why === null ? { is: 'reading' } : { is: 'unreachable', why };
    return { is: 'there', live, workspace: workspaceOf(state, tell, listeners.current) };
  }, [state, why, nobody, live, as, tell]);
}

interface Hearing {
  readonly state: () => void;
  readonly messages: (channelId: string) => void;
  readonly everything: () => void;
  readonly live: (live: boolean) => void;
}

/** Follows the stream, and opens it anew when the browser has given it up (it does after an HTTP error). */
function follow(as: string, hearing: Hearing): () => void {
  let stop: () => void = () => undefined;
  let timer = 0;
  const open = (): void => {
    stop = hear(
      as,
      (signal) => (signal.is === 'state' ? hearing.state() : hearing.messages(signal.channelId)),
      (live) => {
        hearing.live(live);
        if (live) hearing.everything();
        else {
          stop();
          timer = window.setTimeout(open, 1_500);
        }
      },
    );
  };
  open();
  return () => {
    window.clearTimeout(timer);
    stop();
  };
}

function notify(listeners: Listeners, channelId: string): void {
  for (const changed of listeners.get(channelId) ?? []) changed();
}

function workspaceOf(state: ControlState, tell: (text: string) => void, listeners: Listeners): Workspace {
  const users = new Map(state.users.map((user) => [user.id, user]));
  const channels = new Map(state.channels.map((channel) => [channel.id, channel]));
  const titleOf = (channel: ControlChannel): string => {
    if (channel.kind !== 'direct') return channel.name;
    const other = channel.memberIds.find((id) => id !== state.me.id) ?? state.me.id;
    return other === state.app.botUserId ? state.app.name : (users.get(other)?.realName ?? channel.name);
  };
  return {
    state,
    userOf: (id) => users.get(id) ?? null,
    channelOf: (id) => channels.get(id) ?? null,
    nameOf: (id) => users.get(id)?.realName ?? channels.get(id)?.name ?? null,
    titleOf,
    tell,
    onMessages: (channelId, changed) => {
      const set = listeners.get(channelId) ?? new Set();
      listeners.set(channelId, set.add(changed));
      return () => set.delete(changed);
    },
  };
}

/** The messages of a channel or a thread, kept current; null until they are read. */
export function useMessages(channelId: string, thread: string | null): readonly ControlMessage[] | null {
  const { state, onMessages } = useWorkspace();
  const [read, setRead] = useState<{ readonly of: string; readonly messages: readonly ControlMessage[] } | null>(null);
  const of = `${state.me.id} ${channelId} ${thread ?? ''}`;
  useEffect(() => {
    let gone = false;
    const refresh = coalesced(async () => {
      const answer = await readMessages(state.me.id, channelId, thread).catch(() => null);
      if (!gone && answer !== null) setRead({ of, messages: answer.messages });
    });
    refresh();
    const stop = onMessages(channelId, refresh);
    return () => {
      gone = true;
      stop();
    };
  }, [of]);
  return read?.of === of ? read.messages : null;
}
