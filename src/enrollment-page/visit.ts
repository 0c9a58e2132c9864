import type { Request, Response } from 'express';
import { z } from 'zod';
import { type Acceptance, addressOfLink, type Invitation } from '../domain/enrollment/invitation.ts';
import type { Language } from '../domain/enrollment/letter.ts';
import { AUTHENTICATION_TYPES, type AuthenticationType } from '../domain/enrollment/policy.ts';
import { serialOf } from '../domain/enrollment/stock.ts';
import { accept, type Accepting } from '../domain/enrollment/verbs/accept.ts';
import { invitationSpoken } from '../domain/enrollment/verbs/invitation-spoken.ts';
import type { Outside } from '../ports/outside.ts';
import { FIELDS, invitationPage, LONGEST_SERIAL } from '../../views/enrollment-page/invitation-page.ts';
import { sendPage, sendSaying, STYLE_PATH } from './answer.ts';
import { chosenLanguage, languageFor } from './language.ts';
import type { Recent } from './recent.ts';
import type { Said, Seal } from './sealed.ts';
import { shownOf } from './shown.ts';

/** What a link is made of: `Chance.secret`. Anything else was cut off or made up, and needs no look into the store. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const NONE = '-';
const UNKNOWN: Invitation = { is: 'closed', why: 'unknown', invited: null };

const fields = z.object({
  [FIELDS.proof]: z.string(),
  [FIELDS.type]: z.enum(AUTHENTICATION_TYPES),
  [FIELDS.serial]: z.string().default(''),
});

/** What the page asks of the world. */
export type PageOutside = Accepting & Pick<Outside, 'log'>;

export interface Visiting {
  readonly outside: PageOutside;
  readonly seal: Seal;
  readonly recent: Recent;
}

/** GET and HEAD: shows what a link stands for. It only reads, so a mail scanner may open it as often as it likes (E3). */
export async function showInvitation({ outside, seal, recent }: Visiting, request: Request, response: Response): Promise<void> {
  const secret = secretOf(request);
  const { query } = request;
  const invitation = await behind(outside, secret);
  const text = typeof query.said === 'string' ? query.said : null;
  const now = outside.clock.now();
  const said = text === null ? null : seal.open(text, secret, now);
  const shown = shownOf(invitation, said ?? recent.of(outside.fingerprint.ofSecret(secret), now));
  const language = languageFor(request, shown.invited?.locale);
  const kept = said === null ? null : text;
  const place = { language, style: STYLE_PATH, inLanguage: (other: Language) => pathOf(secret, { said: kept, lang: other }) };
  const page = invitationPage(place, shown, { action: pathOf(secret, { said: null, lang: chosenLanguage(request) }), proof: seal.proofFor(secret) });
  sendPage(response, shown.is === 'open' || (shown.is === 'enrolled' && !shown.already) ? 200 : 410, language, page);
}

/** POST: accepts the invitation (E9, E10), and sends the browser to the page that says what became of it. */
export async function takeForm({ outside, seal, recent }: Visiting, request: Request, response: Response): Promise<void> {
  const secret = secretOf(request);
  const lang = chosenLanguage(request);
  const given = fields.safeParse(request.body);
  const back = pathOf(secret, { said: null, lang });
  if (!given.success) return sendSaying(request, response, 400, (words) => words.unreadable, { path: null, back });
  const { proof, type, serial } = given.data;
  if (!seal.isProof(proof, secret)) return sendSaying(request, response, 403, (words) => words.forbidden, { path: null, back });
  const invitation = await behind(outside, secret);
  if (invitation.is === 'open' && !invitation.types.includes(type))
    return sendSaying(request, response, 400, (words) => words.unreadable, { path: null, back });
  const said = invitation.is === 'open' ? await saidTo({ outside, secret, type, serial }, invitation) : null;
  if (said?.is === 'enrolled' || said?.is === 'locked') recent.add(outside.fingerprint.ofSecret(secret), said, outside.clock.now());
  response.redirect(303, pathOf(secret, { said: said === null ? null : seal.seal(said, secret, outside.clock.now()), lang }));
}

interface Acceptor {
  readonly outside: PageOutside;
  readonly secret: string;
  readonly type: AuthenticationType;
  readonly serial: string;
}

/** Null where the page itself says it. A serial that is none costs no attempt. */
async function saidTo({ outside, secret, type, serial }: Acceptor, { invited }: Extract<Invitation, { is: 'open' }>): Promise<Said | null> {
  const compared = serialOf(serial);
  const typed = serial.slice(0, LONGEST_SERIAL);
  if (type === 'hardware-token' && compared === '') return { is: 'empty', serial: '' };
  if (type === 'hardware-token' && compared.length > LONGEST_SERIAL) return { is: 'shape', serial: typed };
  const acceptance: Acceptance = await accept(outside, secret, { type, serial: type === 'hardware-token' ? compared : null });
  switch (acceptance.is) {
    case 'enrolled':
      return { is: 'enrolled', type, invited };
    case 'locked':
      return { is: 'locked', invited };
    case 'wrong-serial':
    case 'no-seat':
      return { is: acceptance.is, serial: typed };
    case 'closed':
      return null;
  }
}

async function behind(outside: PageOutside, secret: string): Promise<Invitation> {
  return secret === NONE ? UNKNOWN : invitationSpoken(outside, secret);
}

function secretOf(request: Request): string {
  const { secret } = request.params;
  return typeof secret === 'string' && SECRET.test(secret) ? secret : NONE;
}

/** On this server: pages name no host, so whatever stands before Usher, they lead to where they came from. */
function pathOf(secret: string, query: Readonly<Record<string, string | null>>): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]]));
  const search = new URLSearchParams(given).toString();
  return `${addressOfLink('', secret)}${search === '' ? '' : `?${search}`}`;
}
