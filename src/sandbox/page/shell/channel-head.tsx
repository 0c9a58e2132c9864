import type { VNode } from 'preact';
import type { ControlChannel } from '../../slack/control.ts';
import { call } from '../state/api.ts';
import { spokenError } from '../state/spoken.ts';
import { useWorkspace } from '../state/workspace.tsx';

/** What this channel is, who is in it, and the way to add the app where it is missing. */
export function ChannelHead({ channel }: { readonly channel: ControlChannel }): VNode {
  const { state, titleOf, tell } = useWorkspace();
  const bot = state.app.botUserId;
  const missing = channel.kind !== 'direct' && !channel.archived && channel.memberIds.includes(state.me.id) && !channel.memberIds.includes(bot);
  const add = async (): Promise<void> => {
    const answer = await call('invite', { as: state.me.id, channelId: channel.id, userId: bot });
    const words = answer.ok ? `${state.app.name} is in #${channel.name} now.` : spokenError(answer.error);
    if (words !== null) tell(words);
  };
  return (
    <header class="pane-head">
      <h2>
        {channel.kind !== 'direct' && <span aria-hidden="true">{channel.kind === 'private' ? '🔒 ' : '# '}</span>}
        {titleOf(channel)}
      </h2>
      {channel.shared && <span class="badge">shared</span>}
      {channel.archived && <span class="badge">archived</span>}
      <span class="topic">{channel.topic}</span>
      {channel.kind !== 'direct' && <span class="note members">{channel.memberIds.length === 1 ? '1 member' : `${channel.memberIds.length} members`}</span>}
      {missing && (
        <button type="button" class="button" onClick={() => void add()}>
          Add {state.app.name}
        </button>
      )}
    </header>
  );
}
