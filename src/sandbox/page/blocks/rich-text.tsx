import type { RichTextBlock, RichTextBlockElement, RichTextElement, RichTextList } from '@slack/types';
import { Fragment, type VNode } from 'preact';
import { emojiGlyph } from '../mrkdwn/emoji.ts';
import { linesOf } from '../mrkdwn/parse.ts';
import { safeLink } from '../mrkdwn/safe-link.ts';
import { DateText, Emoji, Mention, Nodes, OutsideLink } from '../mrkdwn/text.tsx';

export function RichTextBlockView({ block }: { readonly block: RichTextBlock }): VNode {
  return (
    <div class="rich text">
      {block.elements.map((element, at) => (
        <Part key={at} element={element} />
      ))}
    </div>
  );
}

function Part({ element }: { readonly element: RichTextBlockElement }): VNode {
  switch (element.type) {
    case 'rich_text_section':
      return (
        <div>
          <Run elements={element.elements} />
        </div>
      );
    case 'rich_text_quote':
      return (
        <blockquote>
          <Run elements={element.elements} />
        </blockquote>
      );
    case 'rich_text_preformatted':
      return (
        <pre>
          <Run elements={element.elements} />
        </pre>
      );
    case 'rich_text_list':
      return <List list={element} />;
  }
}

/** Slack sends a nested list as a list of its own with an indent. */
function List({ list }: { readonly list: RichTextList }): VNode {
  const items = list.elements.map((item, at) => (
    <li key={at}>
      <Run elements={item.elements} />
    </li>
  ));
  const style = { marginInlineStart: `${(list.indent ?? 0) * 1.5}rem` };
  return list.style === 'ordered' ? <ol style={style}>{items}</ol> : <ul style={style}>{items}</ul>;
}

function Run({ elements }: { readonly elements: readonly RichTextElement[] }): VNode {
  return (
    <>
      {elements.map((element, at) => (
        <Fragment key={at}>{styled(element, drawn(element))}</Fragment>
      ))}
    </>
  );
}

function drawn(element: RichTextElement): VNode {
  switch (element.type) {
    case 'text':
      return <Nodes nodes={linesOf(element.text)} />;
    case 'link':
      return <RichLink url={element.url} text={element.text ?? element.url} />;
    case 'emoji':
      return <RichEmoji name={element.name} />;
    case 'user':
      return <Mention id={element.user_id} sign="@" label={null} />;
    case 'channel':
      return <Mention id={element.channel_id} sign="#" label={null} />;
    case 'usergroup':
      return <span class="mention">@{element.usergroup_id}</span>;
    case 'team':
      return <span class="mention">{element.team_id}</span>;
    case 'broadcast':
      return <span class="mention">@{element.range}</span>;
    case 'date':
      return (
        <DateText
          epoch={element.timestamp}
          format={element.format}
          href={element.url === undefined ? null : safeLink(element.url)}
          fallback={element.fallback ?? element.format}
        />
      );
    case 'color':
      return <code>{element.value}</code>;
  }
}

function RichLink({ url, text }: { readonly url: string; readonly text: string }): VNode {
  const href = safeLink(url);
  return href === null ? <span>{text}</span> : <OutsideLink href={href}>{text}</OutsideLink>;
}

function RichEmoji({ name }: { readonly name: string }): VNode {
  const glyph = emojiGlyph(name);
  return glyph === null ? <span>:{name}:</span> : <Emoji name={name} glyph={glyph} />;
}

function styled(element: RichTextElement, inner: VNode): VNode {
  const style = element.style;
  let drawing = inner;
  if (style?.code) drawing = <code>{drawing}</code>;
  if (style?.strike) drawing = <s>{drawing}</s>;
  if (style?.underline) drawing = <u>{drawing}</u>;
  if (style?.italic) drawing = <em>{drawing}</em>;
  if (style?.bold) drawing = <strong>{drawing}</strong>;
  return drawing;
}
