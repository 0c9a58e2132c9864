/** A piece of formatted text, ready to draw. Text is decoded (`&amp;` is `&`), and an `href` is always safe to follow. */
export type TextNode =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'break' }
  | { readonly is: 'emoji'; readonly name: string; readonly glyph: string }
  | { readonly is: 'code'; readonly text: string }
  | { readonly is: 'pre'; readonly text: string }
  | { readonly is: 'bold' | 'italic' | 'strike' | 'quote'; readonly children: readonly TextNode[] }
  | { readonly is: 'link'; readonly href: string; readonly children: readonly TextNode[] }
  | { readonly is: 'person'; readonly userId: string; readonly label: string | null }
  | { readonly is: 'channel'; readonly channelId: string; readonly label: string | null }
  | { readonly is: 'group'; readonly groupId: string; readonly label: string | null }
  | { readonly is: 'everyone'; readonly range: string }
  | { readonly is: 'date'; readonly epoch: number; readonly format: string; readonly href: string | null; readonly fallback: string };

/** The words of a text without its formatting, as a screen reader or a notification says them. `nameOf` turns ids into names. */
export function plainWords(nodes: readonly TextNode[], nameOf: (id: string) => string | null): string {
  return nodes.map((node) => words(node, nameOf)).join('');
}

function words(node: TextNode, nameOf: (id: string) => string | null): string {
  switch (node.is) {
    case 'text':
    case 'code':
    case 'pre':
      return node.text;
    case 'break':
      return ' ';
    case 'emoji':
      return node.glyph;
    case 'bold':
    case 'italic':
    case 'strike':
    case 'quote':
    case 'link':
      return plainWords(node.children, nameOf);
    case 'person':
      return `@${nameOf(node.userId) ?? node.label ?? node.userId}`;
    case 'channel':
      return `#${nameOf(node.channelId) ?? node.label ?? node.channelId}`;
    case 'group':
      return node.label ?? node.groupId;
    case 'everyone':
      return `@${node.range}`;
    case 'date':
      return node.fallback;
  }
}
