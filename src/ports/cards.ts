/** Tells the postman that cards were put in the store; it posts and edits them in the background, in its own budget (S2). */
export interface Cards {
  /** Never throws and never waits: the cards are already durable. */
  changed(ids: readonly string[]): void;
}
