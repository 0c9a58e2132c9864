/** Mail by SMTP (E3). Knows nothing of enrollment. */
export interface Mail {
  /**
   * Sends one mail. Resolves with what the server said; never throws. `refused`: this address will never do (5xx of
   * RFC 5321 §4.2.1). `later`: try again (4xx, no connection). `unknown`: the connection broke after the message was handed over.
   */
  send(mail: OutgoingMail): Promise<MailAnswer>;
  /** Why it can't send at all (server away, refused login); null when it can. */
  problem(): Promise<string | null>;
}

export interface OutgoingMail {
  /** Message-ID without the brackets' host. */
  readonly id: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** BCP 47, for the `Content-Language` header. */
  readonly language: string;
}

export type MailAnswer =
  | { readonly is: 'accepted' }
  /** `why` in the server's words, on one line. */
  | { readonly is: 'refused' | 'unknown'; readonly why: string }
  /** `away`: the server takes no mail at all now (no connection, no login, its sender refused), so another mail would fare no better. */
  | { readonly is: 'later'; readonly why: string; readonly away: boolean };
