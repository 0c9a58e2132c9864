import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { ControlMessage } from '../../slack/control.ts';
import { plainWords } from '../mrkdwn/nodes.ts';
import { parseMrkdwn } from '../mrkdwn/parse.ts';
import { useWorkspace } from '../state/workspace.tsx';

/**
 * Says new messages of others to screen readers, by their fallback text, as Slack does. Edits are silent, or a
 * progress bar would never stop talking. What is said stands on the page already: a closed shadow tree keeps a search
 * for it (a person's find-in-page, a test's locator) from finding it twice.
 */
export function Announcer({ messages }: { readonly messages: readonly ControlMessage[] }): VNode {
  const { state, nameOf } = useWorkspace();
  const host = useRef<HTMLDivElement>(null);
  const log = useRef<HTMLElement>(null);
  const heard = useRef(messages.at(-1)?.ts ?? '0');
  useLayoutEffect(() => {
    const region = document.createElement('div');
    region.setAttribute('role', 'log');
    region.setAttribute('aria-live', 'polite');
    region.setAttribute('aria-label', 'New messages');
    host.current?.attachShadow({ mode: 'closed' }).append(region);
    log.current = region;
  }, []);
  useEffect(() => {
    const fresh = messages.filter((message) => message.ts > heard.current && message.userId !== state.me.id);
    heard.current = messages.at(-1)?.ts ?? heard.current;
    if (fresh.length === 0 || log.current === null) return;
    log.current.textContent = fresh
      .map((message) => `${nameOf(message.userId) ?? state.app.name}: ${plainWords(parseMrkdwn(message.text), nameOf)}`)
      .join('. ');
  }, [messages]);
  return <div ref={host} class="sr-only" />;
}
