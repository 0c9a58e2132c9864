/** Something in the workspace is different now. `userId: null` concerns everybody. */
export type Change =
  | { readonly is: 'state'; readonly userId: string | null }
  | { readonly is: 'messages'; readonly channelId: string; readonly onlyFor: string | null }
  | { readonly is: 'record' };

/** Tells pages and waiting tests that they should look again. */
export class Changes {
  readonly #listeners = new Set<(change: Change) => void>();

  emit(change: Change): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  /** The answer stops listening. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
