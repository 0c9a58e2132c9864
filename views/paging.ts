/** Pages of a list that is longer than a screen. */
import type { Button } from '@slack/types';
import { button } from './elements.ts';
import { actionId, type Route } from './ids.ts';

export interface PageOf<T> {
  readonly items: readonly T[];
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  /** Numbers of the first and last item shown, from 1; both 0 where there is nothing. */
  readonly from: number;
  readonly to: number;
  readonly total: number;
}

/** The page asked for; a page outside is the nearest one there is. */
export function pageOf<T>(items: readonly T[], page: number, size: number): PageOf<T> {
  const pages = Math.max(1, Math.ceil(items.length / size));
  const at = Math.min(pages, Math.max(1, Number.isFinite(page) ? Math.floor(page) : 1));
  const shown = items.slice((at - 1) * size, at * size);
  const from = shown.length === 0 ? 0 : (at - 1) * size + 1;
  return { items: shown, page: at, pages, from, to: from === 0 ? 0 : from + shown.length - 1, total: items.length };
}

/** *Previous* and *Next*, as far as they lead anywhere. A button's value is `<page>/<value>`; `readPager` takes it apart. */
export function pager(route: Route, page: number, pages: number, value = ''): Button[] {
  return [
    ...(page > 1 ? [button({ text: '‹ Previous', action: actionId(route, 'previous'), value: `${page - 1}/${value}` })] : []),
    ...(page < pages ? [button({ text: 'Next ›', action: actionId(route, 'next'), value: `${page + 1}/${value}` })] : []),
  ];
}

/** Page and value of a pressed pager button; page 1 of anything else. */
export function readPager(pressed: string | undefined): { readonly page: number; readonly value: string } {
  const [, page = '1', value = ''] = /^(\d{1,9})\/(.*)$/s.exec(pressed ?? '') ?? [];
  return { page: Math.max(1, Number(page)), value };
}
