import type { WireRequest } from './wire.ts';
import type { NetworkWords } from './words.ts';

/** What crosses between the threads. Requests and answers are tuples and go in bunches: they are copied, and each object's keys would be too. */
export type ToThread =
  | { readonly is: 'requests'; readonly line: PostedLine; readonly requests: readonly PostedRequest[] }
  | { readonly is: 'recall'; readonly line: number }
  | { readonly is: 'close' };

export type FromThread =
  | { readonly is: 'news'; readonly answers: readonly PostedAnswer[]; readonly faults: readonly PostedFault[]; readonly returned: readonly number[] }
  | { readonly is: 'closed' };

/** A line, with each bunch: the thread forgets those over which nothing is under way. */
export interface PostedLine {
  readonly id: number;
  readonly url: string;
  readonly token: string;
  readonly concurrency: number;
}

export type PostedRequest = readonly [id: number, patient: boolean, method: WireRequest['method'], path: string, body: string | null, ifMatch: string | null];
/** `waited`: milliseconds that it lay ready. */
export type PostedAnswer = readonly [
  id: number,
  waited: number,
  status: number,
  retryAfter: string | null,
  location: string | null,
  etag: string | null,
  text: string,
];
export type PostedFault = readonly [id: number, waited: number, sent: boolean, words: NetworkWords];
