import type { MarkdownBlock } from '@slack/types';
import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import { Fragment, type VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { safeLink } from '../mrkdwn/safe-link.ts';
import { ScrollBox } from '../shell/scroll-box.tsx';
import { OutsideLink } from '../mrkdwn/text.tsx';

/** Standard Markdown, drawn from the parser's tokens and never from HTML: HTML in it is shown as text. */
export function MarkdownBlockView({ block }: { readonly block: MarkdownBlock }): VNode {
  const tokens = useMemo(() => lexer(block.text), [block.text]);
  return (
    <div class="text markdown">
      <TokensView tokens={tokens} />
    </div>
  );
}

function TokensView({ tokens }: { readonly tokens: readonly Token[] | undefined }): VNode {
  return (
    <>
      {(tokens ?? []).map((token, at) => (
        <Fragment key={at}>{drawn(token as MarkedToken)}</Fragment>
      ))}
    </>
  );
}

function drawn(token: MarkedToken): VNode | string | null {
  switch (token.type) {
    case 'heading':
      return (
        <h3 class="header">
          <TokensView tokens={token.tokens} />
        </h3>
      );
    case 'paragraph':
      return (
        <p>
          <TokensView tokens={token.tokens} />
        </p>
      );
    case 'blockquote':
      return (
        <blockquote>
          <TokensView tokens={token.tokens} />
        </blockquote>
      );
    case 'list':
      return <MarkdownList list={token} />;
    case 'code':
      return <pre>{token.text}</pre>;
    case 'hr':
      return <hr />;
    case 'table':
      return <MarkdownTable table={token} />;
    case 'space':
    case 'def':
      return null;
    default:
      return inline(token);
  }
}

function inline(token: MarkedToken): VNode | string | null {
  switch (token.type) {
    case 'strong':
      return (
        <strong>
          <TokensView tokens={token.tokens} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <TokensView tokens={token.tokens} />
        </em>
      );
    case 'del':
      return (
        <s>
          <TokensView tokens={token.tokens} />
        </s>
      );
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return <MarkdownLink link={token} />;
    case 'text':
      return token.tokens === undefined ? token.text : <TokensView tokens={token.tokens} />;
    default:
      return 'text' in token ? token.text : token.raw;
  }
}

function MarkdownLink({ link }: { readonly link: Tokens.Link }): VNode {
  const href = safeLink(link.href);
  const label = <TokensView tokens={link.tokens} />;
  return href === null ? label : <OutsideLink href={href}>{label}</OutsideLink>;
}

function MarkdownList({ list }: { readonly list: Tokens.List }): VNode {
  const items = list.items.map((item, at) => (
    <li key={at}>
      <TokensView tokens={item.tokens} />
    </li>
  ));
  return list.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
}

function MarkdownTable({ table }: { readonly table: Tokens.Table }): VNode {
  return (
    <ScrollBox role="group" class="table" name="Table">
      <table>
        <thead>
          <tr>
            {table.header.map((cell, at) => (
              <th key={at} scope="col">
                <TokensView tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) => (
                <td key={at}>
                  <TokensView tokens={cell.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
