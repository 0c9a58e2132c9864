import { createRequire } from 'node:module';
import type * as sortedBTree from 'sorted-btree';

// Its class is the `default` of a CommonJS module, which Node, bundlers and test runners each unwrap differently; `require` gives one answer.
const { default: BTree }: typeof sortedBTree.default = createRequire(import.meta.url)('sorted-btree');

/**
 * A document as it is kept in memory: its JSON. 200,000 texts cost half of what their objects would, and give the garbage
 * collector nothing to walk through, so that it never holds up a commit. A reader's parse is 2 to 4 µs.
 */
export interface Kept {
  readonly version: number;
  readonly text: string;
  /** The parsed value, once read, of a kind of which there are few. */
  value: unknown;
}

/** An empty tree, in the order of UTF-16 code units. */
export function emptyTree() {
  return new BTree<string, Kept>(undefined, (a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Documents of one kind by key. `clone()` is cheap and copies on write: a tree that readers or a snapshot hold never changes. */
export type Tree = ReturnType<typeof emptyTree>;

/** The first string after all those that start with `prefix`; undefined when there is none. */
function afterPrefix(prefix: string): string | undefined {
  for (let end = prefix.length; end > 0; end--) {
    const unit = prefix.charCodeAt(end - 1);
    if (unit < 0xffff) return prefix.slice(0, end - 1) + String.fromCharCode(unit + 1);
  }
  return undefined;
}

/** How many keys start with `prefix`. */
export function countPrefix(tree: Tree, prefix: string): number {
  if (prefix === '') return tree.size;
  const high = afterPrefix(prefix);
  const last = tree.maxKey();
  if (last === undefined) return 0;
  return high === undefined ? tree.forRange(prefix, last, true) : tree.forRange(prefix, high, false);
}

/** The next `limit` entries under a prefix, after a key, in key order. */
export function pageOf(tree: Tree, prefix: string, after: string | undefined, limit: number): readonly (readonly [key: string, kept: Kept])[] {
  const page: (readonly [string, Kept])[] = [];
  const start = after !== undefined && after > prefix ? after : prefix;
  for (const entry of tree.entries(start)) {
    if (!entry[0].startsWith(prefix)) break;
    if (after !== undefined && entry[0] <= after) continue;
    page.push(entry);
    if (page.length === limit) break;
  }
  return page;
}
