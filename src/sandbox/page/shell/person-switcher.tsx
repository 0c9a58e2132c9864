import type { VNode } from 'preact';
import type { ControlUser } from '../../slack/control.ts';
import { MenuButton } from '../elements/menu.tsx';
import { useWorkspace } from '../state/workspace.tsx';
import { Avatar } from './avatar.tsx';

/** Who is acting, and the choice of everybody else. */
export function PersonSwitcher({ onPerson }: { readonly onPerson: (id: string) => void }): VNode {
  const { state } = useWorkspace();
  const { me } = state;
  const items = state.users
    .filter((user) => !user.bot && !user.deleted)
    .map((user) => ({ key: user.id, checked: user.id === me.id, drawn: <Line user={user} />, onPick: () => onPerson(user.id) }));
  return (
    <MenuButton class="person" name={`Acting as ${me.realName}, ${titleOf(me)}. Switch person`} menuName="Act as" items={items}>
      <Line user={me} />
      <span class="person-arrow" aria-hidden="true" />
    </MenuButton>
  );
}

function Line({ user }: { readonly user: ControlUser }): VNode {
  return (
    <>
      <Avatar id={user.id} name={user.realName} />
      <span class="person-words">
        <span class="person-name">{user.realName}</span>
        <span class="note">{titleOf(user)}</span>
      </span>
    </>
  );
}

/** The title, and what is special about them: `Partner, Brightpath · guest`. */
function titleOf(user: ControlUser): string {
  const special = user.foreign ? 'other workspace' : user.guest ? 'guest' : '';
  return [user.title, special].filter((part) => part !== '').join(' · ');
}
