import { type Node, NodeType, parse as parseSlack } from 'slack-message-parser';
import { emojiGlyph } from './emoji.ts';
import { plainWords, type TextNode } from './nodes.ts';
import { safeLink } from './safe-link.ts';

/** Beyond this a text is shown unformatted: the parser's patterns go back and forth, and no Slack text object is longer. */
const longestFormatted = 12_000;

const bareAddress = /https?:\/\/[^\s<>"'|]*[^\s<>"'|.,;:!?)\]]/g;

/** Only these three are escaped in Slack's mrkdwn; any other entity is literal. */
function decodeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Parses Slack's mrkdwn. Never throws: what can't be parsed is shown as it stands. `verbatim` leaves bare addresses alone. */
export function parseMrkdwn(text: string, verbatim = false): readonly TextNode[] {
  if (text.length > longestFormatted) return linesOf(decodeEntities(text));
  try {
    // The library knows a quote only by its escaped sign; Slack takes a bare one at the start of a line too.
    const tree = parseSlack(text.replace(/^>/gm, '&gt;'));
    return mergedText(tree.children.flatMap(convert), verbatim);
  } catch {
    return linesOf(decodeEntities(text));
  }
}

/** A text without formatting, cut at its line ends. */
export function linesOf(text: string): readonly TextNode[] {
  return text
    .split('\n')
    .flatMap((line, at): TextNode[] => [...(at > 0 ? [{ is: 'break' } as const] : []), ...(line === '' ? [] : [{ is: 'text', text: line } as const])]);
}

function convert(node: Node): TextNode[] {
  switch (node.type) {
    case NodeType.Text:
      return [{ is: 'text', text: decodeEntities(node.text) }];
    case NodeType.Bold:
      return [{ is: 'bold', children: mergedText(node.children.flatMap(convert), false) }];
    case NodeType.Italic:
      return [{ is: 'italic', children: mergedText(node.children.flatMap(convert), false) }];
    case NodeType.Strike:
      return [{ is: 'strike', children: mergedText(node.children.flatMap(convert), false) }];
    case NodeType.Quote:
      return [{ is: 'quote', children: mergedText(trimmed(node.children.flatMap(convert)), false) }];
    case NodeType.Code:
      return [{ is: 'code', text: decodeEntities(node.text) }];
    case NodeType.PreText:
      return [{ is: 'pre', text: decodeEntities(node.text).replace(/^\n|\n$/g, '') }];
    case NodeType.Emoji:
      return emoji(node.name, node.source);
    case NodeType.UserLink:
      return [{ is: 'person', userId: node.userID, label: labelOf(node.label) }];
    case NodeType.ChannelLink:
      return [{ is: 'channel', channelId: node.channelID, label: labelOf(node.label) }];
    case NodeType.URL:
      return link(node.url, node.label);
    case NodeType.Command:
      return command(node.name, node.arguments, labelOf(node.label), node.source);
    case NodeType.Root:
      return node.children.flatMap(convert);
  }
}

function labelOf(label: readonly Node[] | undefined): string | null {
  return label === undefined ? null : plainWords(label.flatMap(convert), () => null);
}

function emoji(name: string, source: string): TextNode[] {
  const glyph = emojiGlyph(name);
  return [glyph === null ? { is: 'text', text: decodeEntities(source) } : { is: 'emoji', name, glyph }];
}

function link(address: string, label: readonly Node[] | undefined): TextNode[] {
  const shown = decodeEntities(address);
  const href = safeLink(shown);
  const children: TextNode[] = label === undefined ? [{ is: 'text', text: shown.replace(/^mailto:/, '') }] : label.flatMap(convert);
  return href === null ? children : [{ is: 'link', href, children: withoutLinks(children) }];
}

/** A link in a link's label would nest anchors; its words stay. */
function withoutLinks(nodes: readonly TextNode[]): TextNode[] {
  return nodes.flatMap((node) => (node.is === 'link' ? [...node.children] : [node]));
}

function command(name: string, args: readonly string[], label: string | null, source: string): TextNode[] {
  switch (name) {
    case 'date':
      return date(args, label, source);
    case 'subteam':
      return [{ is: 'group', groupId: args[0] ?? '', label }];
    case 'here':
    case 'channel':
    case 'everyone':
      return [{ is: 'everyone', range: name }];
    default:
      return [{ is: 'text', text: label ?? `<${name}>` }];
  }
}

function date(args: readonly string[], label: string | null, source: string): TextNode[] {
  const epoch = Number(args[0]);
  const format = args[1];
  if (!Number.isFinite(epoch) || format === undefined) return [{ is: 'text', text: label ?? decodeEntities(source) }];
  return [
    { is: 'date', epoch, format: decodeEntities(format), href: args[2] === undefined ? null : safeLink(decodeEntities(args[2])), fallback: label ?? format },
  ];
}

/** Quoted lines end with a line end each; the last one would draw an empty line. */
function trimmed(nodes: TextNode[]): TextNode[] {
  const last = nodes.at(-1);
  if (last?.is !== 'text') return nodes;
  return [...nodes.slice(0, -1), { is: 'text', text: last.text.replace(/\n$/, '') }];
}

/** Joins neighbouring texts (an unknown shortcode falls apart into several), then finds line ends and bare addresses. */
function mergedText(nodes: readonly TextNode[], verbatim: boolean): TextNode[] {
  const joined: TextNode[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    if (node.is === 'text' && last?.is === 'text') joined[joined.length - 1] = { is: 'text', text: last.text + node.text };
    else joined.push(node);
  }
  return joined.flatMap((node, at) => (node.is === 'text' ? lined(afterBlock(joined[at - 1]) ? node.text.replace(/^\n/, '') : node.text, verbatim) : [node]));
}

/** A block ends its line by itself; the line end behind it would draw an empty one. */
function afterBlock(before: TextNode | undefined): boolean {
  return before?.is === 'pre' || before?.is === 'quote';
}

function lined(text: string, verbatim: boolean): TextNode[] {
  return linesOf(text).flatMap((node) => (node.is === 'text' && !verbatim ? linked(node.text) : [node]));
}

function linked(text: string): TextNode[] {
  const nodes: TextNode[] = [];
  let from = 0;
  for (const found of text.matchAll(bareAddress)) {
    const href = safeLink(found[0]);
    if (href === null) continue;
    if (found.index > from) nodes.push({ is: 'text', text: text.slice(from, found.index) });
    nodes.push({ is: 'link', href, children: [{ is: 'text', text: found[0] }] });
    from = found.index + found[0].length;
  }
  if (from < text.length) nodes.push({ is: 'text', text: text.slice(from) });
  return nodes;
}
