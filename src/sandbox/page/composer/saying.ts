import type { ControlChannel } from '../../slack/control.ts';
import { type Answer, call } from '../state/api.ts';
import { spokenError } from '../state/spoken.ts';
import { useWorkspace, type Workspace } from '../state/workspace.tsx';
import { invited } from './completion.ts';

/** Says a text in a channel or a thread, and tells the person what went wrong with it. */
export function useSaying(channel: ControlChannel, thread: string | null): (text: string) => void {
  const workspace = useWorkspace();
  return (text) => {
    const name = invited(text);
    const done = name === null ? said(workspace, channel, thread, text) : invite(workspace, channel, name);
    void done.then((answer) => {
      const words = answer.ok ? null : spokenError(answer.error);
      if (words !== null) workspace.tell(words);
    });
  };
}

function said({ state }: Workspace, channel: ControlChannel, thread: string | null, text: string): Promise<Answer> {
  return call('say', { as: state.me.id, channelId: channel.id, text, ...(thread === null ? {} : { threadTs: thread }) });
}

async function invite({ state, tell }: Workspace, channel: ControlChannel, name: string): Promise<Answer> {
  const wanted = name.toLowerCase();
  const person = state.users.find((user) => !user.deleted && (user.name.toLowerCase() === wanted || (user.bot && state.app.name.toLowerCase() === wanted)));
  if (person === undefined) return { ok: false, error: `Nobody here is called @${name}.` };
  const answer = await call('invite', { as: state.me.id, channelId: channel.id, userId: person.id });
  if (answer.ok) tell(`${person.realName} is in #${channel.name} now.`);
  return answer;
}
