import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ControlLink } from '../../slack/control.ts';
import { readLinks } from '../state/api.ts';
import { safeLink } from '../mrkdwn/safe-link.ts';
import { useWorkspace } from '../state/workspace.tsx';
import { PersonSwitcher } from './person-switcher.tsx';

interface HeaderProps {
  readonly drawerOpen: boolean;
  readonly onDrawer: () => void;
  readonly onPerson: (id: string) => void;
}

/** The top of the page: whose workspace, the other windows of the sandbox, and who is acting. */
export function Header({ drawerOpen, onDrawer, onPerson }: HeaderProps): VNode {
  const { state } = useWorkspace();
  const [links, setLinks] = useState<readonly ControlLink[]>([]);
  useEffect(() => {
    readLinks().then(setLinks, () => setLinks([]));
  }, []);
  return (
    <header class="top">
      <button type="button" class="button drawer-button" aria-expanded={drawerOpen} aria-controls="sidebar" onClick={onDrawer}>
        Channels
      </button>
      <h1>{state.team.name}</h1>
      {links.length > 0 && (
        <nav class="links" aria-label="Other windows">
          {links.map((link) => (
            <a key={link.url} href={safeLink(new URL(link.url, location.href).href) ?? '#'} target="_blank" rel="noopener noreferrer">
              {link.label} <span aria-hidden="true">↗</span>
            </a>
          ))}
        </nav>
      )}
      <PersonSwitcher onPerson={onPerson} />
    </header>
  );
}
