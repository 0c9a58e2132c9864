import type { Filling, Html } from './html.ts';

/** A sentence about something that comes from outside; it is marked up, so it is `Html`. */
export type About<T extends readonly unknown[]> = (...about: T) => Html;

/** A page that says one thing: what is the matter, and what to do next (X7). */
export interface Saying {
  readonly title: string;
  readonly body: Html;
}

/** Everything that the enrollment page says, in one language. Names come in marked up (`<bdi>`), so no name turns the words around it. */
export interface Words {
  /** BCP 47, for the page and for dates. */
  readonly locale: string;
  /** Of the language itself. */
  readonly name: string;
  readonly languages: string;
  /** What a title ends with. */
  readonly site: string;
  readonly invitation: {
    readonly title: About<[application: Filling]>;
    readonly greeting: About<[name: Filling, organization: Filling, application: Filling]>;
    readonly facts: { readonly person: string; readonly application: string; readonly until: string };
    /** The last day, as part of a sentence. */
    readonly until: (day: string) => string;
    readonly accept: string;
    /** Of both ways, the one without a token. */
    readonly acceptWithout: string;
    readonly withToken: string;
    readonly withoutToken: string;
    readonly or: string;
    readonly aboutWithout: string;
    readonly serial: string;
    readonly serialHint: string;
    readonly acceptToken: string;
    readonly notYou: About<[name: Filling]>;
  };
  readonly problem: {
    /** Before the title of a page whose form wasn't taken, so that it is read out first. */
    readonly mark: string;
    readonly heading: string;
    readonly empty: string;
    readonly shape: string;
    readonly wrong: (left: number) => string;
    readonly before: (left: number) => string;
  };
  readonly noSeat: {
    readonly title: string;
    readonly body: About<[application: Filling, organization: Filling, until: string]>;
    readonly again: string;
  };
  readonly enrolled: {
    readonly title: string;
    readonly body: About<[application: Filling]>;
    readonly bodyUnnamed: string;
    readonly steps: readonly string[];
    readonly keepToken: string;
    readonly help: About<[organization: Filling | null]>;
  };
  readonly used: { readonly title: string };
  readonly locked: { readonly title: string; readonly body: About<[organization: Filling | null]> };
  readonly expired: { readonly title: string; readonly body: About<[until: string | null, organization: Filling | null]> };
  readonly removed: { readonly title: string; readonly body: About<[organization: Filling | null]> };
  readonly unknown: Saying;
  readonly root: Saying;
  readonly notFound: Saying;
  readonly notAllowed: Saying;
  readonly unreadable: Saying;
  readonly tooLarge: Saying;
  readonly forbidden: Saying;
  readonly tooMany: (seconds: number) => Saying;
  readonly apology: (reference: string) => Saying;
  readonly openAgain: string;
}
