import type { VNode } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { Blocks } from '../blocks/blocks.tsx';
import { readHome } from '../blocks/shapes.ts';
import { call } from '../state/api.ts';
import { useWorkspace } from '../state/workspace.tsx';
import { ScrollBox } from './scroll-box.tsx';

/** The app's Home tab of this person. Opening it tells the app, which draws it. */
export function Home(): VNode {
  const { state } = useWorkspace();
  const { me, app, home } = state;
  useEffect(() => void call('home', { as: me.id }), [me.id, app.connected]);
  const blocks = useMemo(() => (home === null ? [] : readHome(home.view)), [home?.hash]);
  return (
    <>
      <header class="pane-head">
        <h2>{app.name} Home</h2>
        <span class="badge">APP</span>
      </header>
      <ScrollBox role="region" class="home" name={`${app.name} Home`}>
        {home === null ? (
          <p class="empty">{app.connected ? `${app.name} has not drawn its Home yet.` : `${app.name} is not connected, so it can’t draw its Home.`}</p>
        ) : (
          <Blocks key={me.id} container={{ is: 'home' }} blocks={blocks} conversation={null} />
        )}
      </ScrollBox>
    </>
  );
}
