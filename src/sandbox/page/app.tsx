import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Conversation } from './messages/conversation.tsx';
import { Thread } from './messages/thread.tsx';
import { ConfirmProvider } from './modal/confirm.tsx';
import { Modals } from './modal/modals.tsx';
import { ChannelHead } from './shell/channel-head.tsx';
import { Header } from './shell/header.tsx';
import { Home } from './shell/home.tsx';
import { Sidebar } from './shell/sidebar.tsx';
import { Toasts, useNotices, useToasts } from './shell/toasts.tsx';
import { homePlace, type Place, usePlace } from './state/place.ts';
import { type Reach, useReach, useWorkspace, type Workspace, WorkspaceProvider } from './state/workspace.tsx';

/** The page: reads the workspace as the person in the address, and draws it. */
export function App(): VNode {
  const [place, move] = usePlace();
  const { toasts, tell, dismiss } = useToasts();
  const reach = useReach(place.as, tell);
  // An old address after the workspace was made anew: the first person is as good as any.
  useEffect(() => {
    if (reach.is === 'nobody') move({ as: null, thread: null }, 'replace');
  }, [reach.is]);
  return (
    <>
      {reach.is === 'there' ? (
        <WorkspaceProvider value={reach.workspace}>
          <ConfirmProvider>
            <Desk place={place} move={move} live={reach.live} />
          </ConfirmProvider>
        </WorkspaceProvider>
      ) : (
        <Waiting reach={reach} />
      )}
      <Toasts toasts={toasts} dismiss={dismiss} />
    </>
  );
}

function Waiting({ reach }: { readonly reach: Exclude<Reach, { is: 'there' }> }): VNode {
  return (
    <div class="waiting" role="status">
      {reach.is === 'unreachable' ? `The workspace can’t be reached. ${reach.why}` : 'Opening the workspace…'}
    </div>
  );
}

interface DeskProps {
  readonly place: Place;
  readonly move: (next: Partial<Place>, how?: 'push' | 'replace') => void;
  readonly live: boolean;
}

function Desk({ place, move, live }: DeskProps): VNode {
  const workspace = useWorkspace();
  const { state, channelOf } = workspace;
  const [drawer, setDrawer] = useState(false);
  useNotices(state, workspace.tell);
  const at = here(workspace, place);
  const channel = at === null || at === homePlace ? null : channelOf(at);

  // The address always says where the person is, so that a reload comes back.
  useEffect(() => {
    if (place.as !== state.me.id || place.channel !== at) move({ as: state.me.id, channel: at, thread: null }, 'replace');
  }, [place, state.me.id, at]);
  const title = channel === null ? `${state.app.name} Home` : workspace.titleOf(channel);
  useEffect(() => {
    document.title = `${title} · ${state.team.name}`;
  }, [title, state.team.name]);
  const go = (to: string): void => {
    move({ channel: to, thread: null });
    setDrawer(false);
  };

  return (
    <div class={place.thread !== null && channel !== null ? 'desk desk-thread' : 'desk'}>
      <a class="skip" href="#main">
        Skip to the conversation
      </a>
      <Header drawerOpen={drawer} onDrawer={() => setDrawer(!drawer)} onPerson={(as) => move({ as, thread: null })} />
      <Standing app={state.app.name} connected={state.app.connected} live={live} />
      <Sidebar at={at} open={drawer} onGo={go} onClose={() => setDrawer(false)} />
      <main id="main" tabIndex={-1}>
        {channel === null ? (
          <Home />
        ) : (
          <>
            <ChannelHead channel={channel} />
            <Conversation key={`${state.me.id} ${channel.id}`} channel={channel} onThread={(thread) => move({ thread })} />
          </>
        )}
      </main>
      {place.thread !== null && channel !== null && (
        <Thread key={`${state.me.id} ${place.thread}`} channel={channel} ts={place.thread} onClose={() => move({ thread: null })} />
      )}
      <Modals key={state.me.id} conversation={channel?.id ?? null} />
    </div>
  );
}

/** The channel of the address if this person can see it, else the first one they are in, else the Home. */
function here({ state, channelOf }: Workspace, place: Place): string | null {
  if (place.channel === homePlace || (place.channel !== null && channelOf(place.channel) !== null)) return place.channel;
  const mine = state.channels.filter((channel) => channel.kind !== 'direct' && !channel.archived && channel.memberIds.includes(state.me.id));
  return (mine.find((channel) => channel.memberIds.includes(state.app.botUserId)) ?? mine[0])?.id ?? homePlace;
}

/** Says when nothing can work: the workspace is gone, or the app is. */
function Standing({ app, connected, live }: { readonly app: string; readonly connected: boolean; readonly live: boolean }): VNode {
  const words = !live
    ? 'The workspace does not answer. Trying again…'
    : connected
      ? ''
      : `${app} is not connected. Commands and buttons get no answer until it is.`;
  return (
    <div class="standing" role="status">
      {words !== '' && (
        <p>
          <span aria-hidden="true">⚠ </span>
          {words}
        </p>
      )}
    </div>
  );
}
