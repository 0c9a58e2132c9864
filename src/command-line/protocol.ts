import { z } from 'zod';

/** Raised when an older `usher` could not be understood any more. */
export const PROTOCOL = 1;

const day = z.string().max(40).nullable();

/** What the command line asks of the Usher that owns the data folder. */
export const Request = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('status') }),
  /** `head`: a hash that somebody noted. */
  z.strictObject({ is: z.literal('audit verify'), head: z.string().max(200).nullable() }),
  z.strictObject({ is: z.literal('audit export'), from: day, until: day }),
  z.strictObject({ is: z.literal('secrets rotate') }),
  z.strictObject({ is: z.literal('approvals list') }),
  /** `file`: an absolute path on the host; `organization`: id or name. */
  z.strictObject({ is: z.literal('stock import'), file: z.string().max(4_096), organization: z.string().max(500) }),
  z.strictObject({ is: z.literal('sign-ins import'), file: z.string().max(4_096) }),
  z.strictObject({ is: z.literal('approvals release'), id: z.string().max(40), why: z.string().max(2_000) }),
]);
export type Request = z.infer<typeof Request>;

/** The one line that a client sends. `by` is the host's user name: whoever can open the socket is that user, or root. */
export const Envelope = z.strictObject({ protocol: z.literal(PROTOCOL), by: z.string().regex(/^[\w.@-]{1,64}$/), request: Request });
export type Envelope = z.infer<typeof Envelope>;

/** The lines of an answer; `end` is the last. One that breaks off before it failed. */
export const Reply = z.discriminatedUnion('is', [
  /** For people. */
  z.strictObject({ is: z.literal('line'), text: z.string() }),
  /** One record of an export. */
  z.strictObject({ is: z.literal('record'), cells: z.array(z.string()), value: z.record(z.string(), z.unknown()) }),
  z.strictObject({ is: z.literal('header'), cells: z.array(z.string()) }),
  /** It was not done; the text says what to do. */
  z.strictObject({ is: z.literal('fault'), text: z.string() }),
  z.strictObject({ is: z.literal('end'), code: z.int().min(0).max(255) }),
]);
export type Reply = z.infer<typeof Reply>;

/** Exit codes; the larger ones are sysexits.h's. */
export const EXIT = {
  done: 0,
  /** The audit is not intact; secrets that no key opens; lines of a file that say nothing. */
  found: 1,
  /** Refused, or failed. */
  refused: 2,
  usage: 64,
  /** No Usher answers. */
  unavailable: 69,
} as const;
