import type { HomeView, Message, ModalView } from '../views/blocks.ts';

/** No data, as much as a screen shows, and one more (or far more) than that. */
export type Size = 'none' | 'max' | 'more';

/** One screen as the gallery hangs it. */
export interface Picture {
  /** `connectors/list-message`. */
  readonly name: string;
  readonly surface: 'message' | 'modal' | 'home';
  readonly render: (size: Size) => Message | ModalView | HomeView;
}

export const SIZES: readonly Size[] = ['none', 'max', 'more'];

/** Text as it may come from outside: it must not ping, link, break or run anything (X4). */
const HOSTILE = '<!channel> & <@U0EVIL> *x* _y_ `z` =cmd() <https://evil.example|click> \u202e "q" ';

/** As many items as the size asks for, of a list that shows `most`. */
export function some<T>(size: Size, most: number, make: (index: number) => T): readonly T[] {
  const length = size === 'none' ? 0 : size === 'max' ? most : most * 3 + 1;
  return Array.from({ length }, (_, index) => make(index));
}

/** Short, or as long as anything may get. */
export function text(size: Size, of: string): string {
  return size === 'none' ? of : `${of} ${HOSTILE.repeat(size === 'max' ? 2 : 400)}`;
}
