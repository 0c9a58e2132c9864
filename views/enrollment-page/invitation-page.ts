import type { Invited } from '../../src/domain/enrollment/invitation.ts';
import type { AuthenticationType } from '../../src/domain/enrollment/policy.ts';
import { clip, oneLine } from '../clip.ts';
import { framed, type Place, sign, WORDS } from './frame.ts';
import { type Html, html } from './html.ts';
import type { Words } from './words.ts';

/** What was wrong with what came in. `empty` and `shape` cost no attempt. */
export type Problem = { readonly is: 'empty' | 'shape' } | { readonly is: 'wrong'; readonly left: number };

/** What the holder of a link is shown. */
export type Shown =
  | {
      readonly is: 'open';
      readonly invited: Invited;
      readonly types: readonly AuthenticationType[];
      readonly attempts: { readonly wrong: number; readonly left: number };
      /** Accepted when no seat was free, or just now. */
      readonly waiting: boolean;
      readonly problem: Problem | null;
      /** As they typed it; kept so that nothing is lost. */
      readonly typed: string;
    }
  | { readonly is: 'enrolled'; readonly invited: Invited | null; readonly type: AuthenticationType; readonly already: boolean }
  | { readonly is: 'locked'; readonly invited: Invited | null }
  | { readonly is: 'expired' | 'removed' | 'unknown'; readonly invited: Invited | null };

/** Where the form goes, and what proves that it is this page's own. */
export interface FormPlace {
  readonly action: string;
  readonly proof: string;
}

/** The fields of the form, by the names that they are sent under. */
export const FIELDS = { type: 'type', serial: 'serial', proof: 'proof' } as const;
/** Characters of a serial with its blanks and hyphens. */
export const LONGEST_SERIAL = 64;
const LONGEST_NAME = 120;

/** The page of a link, in each of its states. */
export function invitationPage(place: Place, shown: Shown, form: FormPlace): string {
  const words = WORDS[place.language];
  switch (shown.is) {
    case 'open':
      return openPage(place, words, shown, form);
    case 'enrolled':
      return enrolledPage(place, words, shown);
    case 'locked':
      return closedPage(place, 'bad', words.locked.title, words.locked.body(from(shown.invited)), shown.invited);
    case 'expired':
      return closedPage(
        place,
        'wait',
        words.expired.title,
        words.expired.body(shown.invited === null ? null : `${until(words, shown.invited)} (${zoneOf(words, shown.invited)})`, from(shown.invited)),
        shown.invited,
      );
    case 'removed':
      return closedPage(place, 'bad', words.removed.title, words.removed.body(from(shown.invited)), shown.invited);
    case 'unknown':
      return closedPage(place, 'wait', words.unknown.title, words.unknown.body, null);
  }
}

type Open = Extract<Shown, { is: 'open' }>;

function openPage(place: Place, words: Words, shown: Open, form: FormPlace): string {
  const { invited, problem, waiting } = shown;
  const [person, organization, application] = [bdi(invited.name), bdi(invited.organization), bdi(invited.application)];
  const title = waiting ? words.noSeat.title : words.invitation.title(application);
  const plainTitle = waiting ? words.noSeat.title : words.invitation.title(named(invited.application));
  const body = html`${problem === null ? null : problemNotice(words, problem)}
${waiting && problem === null ? sign('wait') : null}
<p class="from">${organization}</p>
<h1>${title}</h1>
${waiting ? words.noSeat.body(application, organization, until(words, invited)) : html`<p>${words.invitation.greeting(person, organization, application)}</p>`}
<dl>
<div><dt>${words.invitation.facts.person}</dt><dd>${person}</dd></div>
<div><dt>${words.invitation.facts.application}</dt><dd>${application}</dd></div>
<div><dt>${words.invitation.facts.until}</dt><dd>${until(words, invited)} <small>${zoneOf(words, invited)}</small></dd></div>
</dl>
${ways(words, shown, form)}
<p class="quiet">${words.invitation.notYou(person)}</p>`;
  return framed(place, plainTitle, body, problem === null ? null : words.problem.mark);
}

/** One form for each way that is offered: whoever has none but one sees no choice. */
function ways(words: Words, shown: Open, form: FormPlace): Html {
  const [token, link] = [shown.types.includes('hardware-token'), shown.types.includes('link')];
  const again = shown.waiting ? words.noSeat.again : null;
  if (!token) return linkForm(form, again ?? words.invitation.accept, '');
  const tokens = tokenForm(words, shown, form, again ?? words.invitation.acceptToken);
  if (!link) return tokens;
  return html`<section class="way" aria-labelledby="with"><h2 id="with">${words.invitation.withToken}</h2>${tokens}</section>
<p class="or" aria-hidden="true">${words.invitation.or}</p>
<section class="way" aria-labelledby="without"><h2 id="without">${words.invitation.withoutToken}</h2>
<p class="quiet">${words.invitation.aboutWithout}</p>
${linkForm(form, words.invitation.acceptWithout, 'second')}</section>
`;
}

function linkForm(form: FormPlace, label: string, look: '' | 'second'): Html {
  return html`<form method="post" action="${form.action}">
<input type="hidden" name="${FIELDS.proof}" value="${form.proof}"><input type="hidden" name="${FIELDS.type}" value="link">
<button type="submit" class="${look}">${label}</button>
</form>`;
}

function tokenForm(words: Words, { problem, typed, attempts }: Open, form: FormPlace, label: string): Html {
  const warned = problem === null && attempts.wrong > 0;
  return html`<form method="post" action="${form.action}" novalidate>
<input type="hidden" name="${FIELDS.proof}" value="${form.proof}"><input type="hidden" name="${FIELDS.type}" value="hardware-token">
<label for="serial">${words.invitation.serial}</label>
<span class="hint" id="serial-hint">${words.invitation.serialHint}${warned ? ` ${words.problem.before(attempts.left)}` : null}</span>
${problem === null ? null : html`<span class="wrong" id="serial-problem">${saidOf(words, problem)}</span>`}
<input type="text" id="serial" name="${FIELDS.serial}" value="${typed}" required maxlength="${LONGEST_SERIAL}" autocomplete="off" autocapitalize="characters" spellcheck="false" enterkeyhint="done" aria-describedby="${problem === null ? 'serial-hint' : 'serial-problem serial-hint'}" aria-invalid="${problem === null ? 'false' : 'true'}">
<button type="submit">${label}</button>
</form>`;
}

function problemNotice(words: Words, problem: Problem): Html {
  return html`<div class="notice bad" role="alert"><p><strong>${words.problem.heading}</strong></p><p><a href="#serial">${saidOf(words, problem)}</a></p></div>`;
}

function saidOf({ problem: words }: Words, problem: Problem): string {
  switch (problem.is) {
    case 'empty':
      return words.empty;
    case 'shape':
      return words.shape;
    case 'wrong':
      return words.wrong(problem.left);
  }
}

function enrolledPage(place: Place, words: Words, { invited, type, already }: Extract<Shown, { is: 'enrolled' }>): string {
  const steps = [...words.enrolled.steps, ...(type === 'hardware-token' ? [words.enrolled.keepToken] : [])];
  const title = already ? words.used.title : words.enrolled.title;
  const body = html`${sign('good')}
${invited === null ? null : html`<p class="from">${bdi(invited.organization)}</p>`}
<h1>${title}</h1>
<p>${invited === null ? words.enrolled.bodyUnnamed : words.enrolled.body(html`<strong>${bdi(invited.application)}</strong>`)}</p>
<ul>${steps.map((step) => html`<li>${step}</li>`)}</ul>
<p class="quiet">${words.enrolled.help(from(invited))}</p>`;
  return framed(place, title, body);
}

/** Of several invitations it is told which one: that is what their admin will ask. */
function closedPage(place: Place, is: 'bad' | 'wait', title: string, body: Html, invited: Invited | null): string {
  const which = invited === null ? null : html`<p class="from">${bdi(invited.organization)} · ${bdi(invited.application)}</p>`;
  return framed(place, title, html`${sign(is)}${which}<h1>${title}</h1>${body}`);
}

/** A name from outside: on one line, not endless, and its direction is its own. */
function bdi(name: string): Html {
  return html`<bdi>${named(name)}</bdi>`;
}

function named(name: string): string {
  return clip(oneLine(name), LONGEST_NAME);
}

function from(invited: Invited | null): Html | null {
  return invited === null ? null : bdi(invited.organization);
}

/** The last day, in the zone in which it ends. */
function until({ locale, invitation }: Words, { stop, timeZone }: Invited): string {
  return invitation.until(new Intl.DateTimeFormat(locale, { timeZone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(stop - 1));
}

/** The zone's name in the page's language: `Central European Standard Time`. */
function zoneOf({ locale }: Words, { stop, timeZone }: Invited): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'long' }).formatToParts(stop - 1);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}
