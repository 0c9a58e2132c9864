import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ControlChannel } from '../../slack/control.ts';
import { homePlace } from '../state/place.ts';
import { useWorkspace } from '../state/workspace.tsx';
import { Avatar } from './avatar.tsx';

interface SidebarProps {
  /** Channel id or `home`. */
  readonly at: string | null;
  readonly open: boolean;
  readonly onGo: (to: string) => void;
  /** Escape closes it where it is a drawer. */
  readonly onClose: () => void;
}

/** The app, channels and direct messages of this person. */
export function Sidebar({ at, open, onGo, onClose }: SidebarProps): VNode {
  useEffect(() => {
    if (!open) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [open]);
  const { state, titleOf } = useWorkspace();
  const named = (one: ControlChannel, other: ControlChannel): number => titleOf(one).localeCompare(titleOf(other));
  const channels = state.channels
    .filter((channel) => channel.kind !== 'direct')
    .toSorted((one, other) => Number(one.archived) - Number(other.archived) || named(one, other));
  const direct = state.channels.filter((channel) => channel.kind === 'direct').toSorted(named);
  const withApp = direct.filter((channel) => channel.memberIds.includes(state.app.botUserId));
  const withPeople = direct.filter((channel) => !withApp.includes(channel));
  return (
    <nav id="sidebar" class={open ? 'sidebar sidebar-open' : 'sidebar'} aria-label="Channels and messages">
      <Part title={state.app.name}>
        <Entry id={homePlace} at={at} onGo={onGo} name={`${state.app.name} Home`} sign="⌂" />
        {withApp.map((channel) => (
          <Entry key={channel.id} id={channel.id} at={at} onGo={onGo} name={`${state.app.name} messages`} sign="✉" />
        ))}
      </Part>
      <Part title="Channels">
        {channels.map((channel) => (
          <Entry
            key={channel.id}
            id={channel.id}
            at={at}
            onGo={onGo}
            name={channel.name}
            sign={channel.kind === 'private' ? '🔒' : '#'}
            notes={notesOf(channel)}
          />
        ))}
      </Part>
      {withPeople.length > 0 && (
        <Part title="Direct messages">
          {withPeople.map((channel) => (
            <Entry
              key={channel.id}
              id={channel.id}
              at={at}
              onGo={onGo}
              name={titleOf(channel)}
              person={channel.memberIds.find((id) => id !== state.me.id) ?? state.me.id}
            />
          ))}
        </Part>
      )}
    </nav>
  );
}

function notesOf(channel: ControlChannel): readonly string[] {
  return [...(channel.kind === 'private' ? ['private'] : []), ...(channel.shared ? ['shared'] : []), ...(channel.archived ? ['archived'] : [])];
}

function Part({ title, children }: { readonly title: string; readonly children: VNode | (VNode | VNode[])[] | VNode[] }): VNode {
  return (
    <section>
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

interface EntryProps {
  readonly id: string;
  readonly at: string | null;
  readonly name: string;
  readonly sign?: string;
  readonly person?: string;
  readonly notes?: readonly string[];
  readonly onGo: (to: string) => void;
}

function Entry({ id, at, name, sign, person, notes = [], onGo }: EntryProps): VNode {
  const { state } = useWorkspace();
  const unread = state.unread[id] ?? 0;
  const here = id === at;
  return (
    <li>
      <button
        type="button"
        class={`entry${unread > 0 && !here ? ' entry-unread' : ''}${notes.includes('archived') ? ' entry-archived' : ''}`}
        aria-current={here ? 'page' : undefined}
        onClick={() => onGo(id)}
      >
        {person === undefined ? (
          <span class="entry-sign" aria-hidden="true">
            {sign}
          </span>
        ) : (
          <Avatar id={person} name={name} />
        )}
        <span class="entry-name">{name}</span>
        {notes.map((note) => (
          <span key={note} class={note === 'private' ? 'sr-only' : 'entry-note'}>
            {note}
          </span>
        ))}
        {unread > 0 && !here && (
          <span class="unread">
            {unread}
            <span class="sr-only"> unread</span>
          </span>
        )}
      </button>
    </li>
  );
}
