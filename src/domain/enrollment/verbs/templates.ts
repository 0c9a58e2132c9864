import type { Outside } from '../../../ports/outside.ts';
import type { Instant } from '../../instant.ts';
import { audited } from '../../audit/row.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import { BUILT_IN_LETTERS } from '../built-in-letters.ts';
import type { Language, LetterKind, LetterTemplate } from '../letter.ts';
import { problemOf } from '../template.ts';

/** The text that counts for a letter now; `changed` is null while it is the built-in one. */
export interface TemplateInForce {
  readonly kind: LetterKind;
  readonly language: Language;
  readonly subject: string;
  readonly body: string;
  readonly changed: { readonly at: Instant; readonly by: string } | null;
  /** For `setTemplate`, to notice that somebody else changed it meanwhile; 0 for the built-in one. */
  readonly version: number;
}

/** Key of a template. */
function templateKey(kind: LetterKind, language: Language): string {
  return `${kind}/${language}`;
}

/** The text of a letter in a language: an admin's, or the built-in one (E3). */
export async function templateFor({ store }: Pick<Outside, 'store'>, kind: LetterKind, language: Language): Promise<TemplateInForce> {
  const stored = await store.get('letterTemplate', templateKey(kind, language));
  if (stored === undefined) return { kind, language, ...BUILT_IN_LETTERS[language][kind], changed: null, version: 0 };
  const { subject, body, at, by } = stored.value;
  return { kind, language, subject, body, changed: { at, by }, version: stored.version };
}

type Templates = Pick<Outside, 'settings' | 'store' | 'clock' | 'chance'>;

/**
 * Saves an admin's text of a letter, or with null goes back to the built-in one. The texts are one set for all
 * connectors, so it takes a global admin. Refuses a text with an unknown place or without `{{link}}` (field `subject`
 * or `body`), and one that was changed since `seen`, the version that was shown.
 */
export async function setTemplate(
  outside: Templates,
  actor: Actor,
  what: { readonly kind: LetterKind; readonly language: Language; readonly words: Pick<LetterTemplate, 'subject' | 'body'> | null; readonly seen?: number },
): Promise<TemplateInForce> {
  const { kind, language, words, seen } = what;
  await requireRight(outside, actor, 'administer', null, 'change the texts of enrollment mails');
  const next = words === null ? null : checked(kind, words);
  const before = await templateFor(outside, kind, language);
  if (seen !== undefined && seen !== before.version) throw new Refusal({ is: 'changed-meanwhile', what: `The text of the ${kind} mail` });
  if (next === null && before.changed === null) throw new Refusal({ is: 'nothing-to-do', detail: `The ${kind} mail has its built-in text.` });
  const value = next === null ? null : { ...next, at: outside.clock.now(), by: actor.userId };
  const after = next ?? BUILT_IN_LETTERS[language][kind];
  const row = audited(outside, actor, {
    action: next === null ? 'enrollment.template-reset' : 'enrollment.template-set',
    subject: templateKey(kind, language),
    summary: next === null ? `put the built-in text of the ${kind} mail (${language}) back` : `changed the text of the ${kind} mail (${language})`,
    before: { subject: before.subject, body: before.body },
    after: { subject: after.subject, body: after.body },
  });
  const outcome = await outside.store.transaction({ puts: [put('letterTemplate', templateKey(kind, language), value, before.version)], appends: [row] });
  if (outcome === 'conflict') throw new Refusal({ is: 'changed-meanwhile', what: `The text of the ${kind} mail` });
  return templateFor(outside, kind, language);
}

function checked(kind: LetterKind, { subject, body }: Pick<LetterTemplate, 'subject' | 'body'>): Pick<LetterTemplate, 'subject' | 'body'> {
  const words = { subject: subject.trim(), body: body.replaceAll('\r\n', '\n').trim() };
  const problem = problemOf(kind, words);
  if (problem !== null) throw badInput(problem.field, problem.problem, problem.remedy);
  return words;
}
