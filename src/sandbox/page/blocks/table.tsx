import type { RichTextBlock, TableBlock } from '@slack/types';
import type { VNode } from 'preact';
import { ScrollBox } from '../shell/scroll-box.tsx';
import { RichTextBlockView } from './rich-text.tsx';

type Cell = TableBlock['rows'][number][number];
type Columns = NonNullable<TableBlock['column_settings']>;

/** A table; its first row is its header. Columns do not wrap unless their setting says so: it scrolls sideways instead. */
export function TableBlockView({ block }: { readonly block: TableBlock }): VNode {
  const [head = [], ...rows] = block.rows;
  const columns = block.column_settings ?? [];
  return (
    <ScrollBox role="group" class="table" name={`Table of ${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`}>
      <table>
        <thead>
          <tr>
            {head.map((cell, at) => (
              <th key={at} scope="col" class={classOf(columns, at)}>
                <CellView cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) => (
                <td key={at} class={classOf(columns, at)}>
                  <CellView cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function classOf(columns: Columns, at: number): string {
  const column = columns[at];
  return `align-${column?.align ?? 'left'}${column?.is_wrapped ? ' wrapped' : ''}`;
}

function CellView({ cell }: { readonly cell: Cell }): VNode | string {
  return isRich(cell) ? <RichTextBlockView block={cell} /> : cell.text;
}

function isRich(cell: Cell): cell is RichTextBlock {
  return cell.type === 'rich_text';
}
