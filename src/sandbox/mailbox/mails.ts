import PostalMime, { type Address } from 'postal-mime';

/** A mail as it came in, taken or not. */
export interface ReceivedMail {
  readonly number: number;
  readonly at: number;
  /** Of the envelope. */
  readonly from: string;
  readonly to: readonly string[];
  /** The To header as people read it: `Lee Okafor <lee@…>`. */
  readonly toHeader: string;
  readonly subject: string;
  /** Without the angle brackets. */
  readonly messageId: string;
  readonly text: string;
  readonly html: string;
  /** By lower-case name, unfolded; a name that came more than once holds them all. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** What the server said to it; `dropped`: it has it, and hung up without a word. */
  readonly answer: 'taken' | 'refused' | 'put off' | 'dropped';
  /** Over TLS. */
  readonly secure: boolean;
}

export interface Arrival {
  readonly number: number;
  readonly at: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
  readonly answer: ReceivedMail['answer'];
  readonly secure: boolean;
}

/** Reads a mail's headers and both its bodies. */
export async function readMail({ raw, ...envelope }: Arrival): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(raw);
  const headers = new Map<string, readonly string[]>();
  for (const { key, value } of mail.headers) headers.set(key, [...(headers.get(key) ?? []), value]);
  return {
    ...envelope,
    toHeader: (mail.to ?? []).map(shown).join(', '),
    subject: mail.subject ?? '',
    messageId: (mail.messageId ?? '').replace(/^<|>$/g, ''),
    text: mail.text ?? '',
    html: mail.html ?? '',
    headers,
  };
}

function shown({ name, address = '' }: Address): string {
  return name === '' ? address : `${name} <${address}>`;
}

/** The addresses that a mail links to, each once. */
export function linksIn({ text }: Pick<ReceivedMail, 'text'>): readonly string[] {
  return [...new Set(text.match(/https?:\/\/[^\s<>"]+/g) ?? [])];
}
