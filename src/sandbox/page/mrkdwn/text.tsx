import type { TextObject } from '@slack/types';
import { Fragment, type VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { useWorkspace } from '../state/workspace.tsx';
import { slackDate } from './date.ts';
import { withEmoji } from './emoji.ts';
import { linesOf, parseMrkdwn } from './parse.ts';
import type { TextNode } from './nodes.ts';

/** A text object of Block Kit. Plain text keeps its line ends and knows only emoji shortcodes. */
export function Text({ text }: { readonly text: TextObject }): VNode {
  if (text.type === 'mrkdwn') return <Mrkdwn text={text.text} verbatim={text.verbatim === true} />;
  return <Nodes nodes={linesOf(text.emoji === false ? text.text : withEmoji(text.text))} />;
}

/** Text in Slack's mrkdwn. */
export function Mrkdwn({ text, verbatim = false }: { readonly text: string; readonly verbatim?: boolean }): VNode {
  const nodes = useMemo(() => parseMrkdwn(text, verbatim), [text, verbatim]);
  return <Nodes nodes={nodes} />;
}

export function Nodes({ nodes }: { readonly nodes: readonly TextNode[] }): VNode {
  return (
    <>
      {nodes.map((node, at) => (
        <Fragment key={at}>{drawn(node)}</Fragment>
      ))}
    </>
  );
}

function drawn(node: TextNode): VNode | string {
  switch (node.is) {
    case 'text':
      return node.text;
    case 'break':
      return <br />;
    case 'emoji':
      return <Emoji name={node.name} glyph={node.glyph} />;
    case 'code':
      return <code>{node.text}</code>;
    case 'pre':
      return <pre>{node.text}</pre>;
    case 'bold':
      return (
        <strong>
          <Nodes nodes={node.children} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Nodes nodes={node.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Nodes nodes={node.children} />
        </s>
      );
    case 'quote':
      return (
        <blockquote>
          <Nodes nodes={node.children} />
        </blockquote>
      );
    case 'link':
      return (
        <OutsideLink href={node.href}>
          <Nodes nodes={node.children} />
        </OutsideLink>
      );
    case 'person':
      return <Mention id={node.userId} sign="@" label={node.label} />;
    case 'channel':
      return <Mention id={node.channelId} sign="#" label={node.label} />;
    case 'group':
      return <span class="mention">{node.label ?? node.groupId}</span>;
    case 'everyone':
      return <span class="mention">@{node.range}</span>;
    case 'date':
      return <DateText epoch={node.epoch} format={node.format} href={node.href} fallback={node.fallback} />;
  }
}

/** A link that can't reach back into this page. `href` must have passed `safeLink`. */
export function OutsideLink({ href, children }: { readonly href: string; readonly children: VNode | string }): VNode {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

export function Emoji({ name, glyph }: { readonly name: string; readonly glyph: string }): VNode {
  return (
    <span role="img" aria-label={name.replaceAll('_', ' ')} title={`:${name}:`} class="emoji">
      {glyph}
    </span>
  );
}

export function Mention({ id, sign, label }: { readonly id: string; readonly sign: '@' | '#'; readonly label: string | null }): VNode {
  const { nameOf, state } = useWorkspace();
  const name = nameOf(id) ?? label ?? (sign === '#' ? 'private channel' : id);
  return (
    <span class={id === state.me.id ? 'mention mention-me' : 'mention'}>
      {sign}
      {name}
    </span>
  );
}

interface DateTextProps {
  readonly epoch: number;
  readonly format: string;
  readonly href: string | null;
  readonly fallback: string;
}

/** A moment in the viewer's own zone, with the exact one on hover. */
export function DateText({ epoch, format, href, fallback }: DateTextProps): VNode {
  const { state } = useWorkspace();
  const zone = state.me.timeZone;
  const now = Date.now();
  const exact = slackDate(epoch, '{date_long} at {time_secs}', zone, now);
  const shown = <time title={exact === null ? '' : `${exact} (${zone})`}>{slackDate(epoch, format, zone, now) ?? fallback}</time>;
  return href === null ? shown : <OutsideLink href={href}>{shown}</OutsideLink>;
}
