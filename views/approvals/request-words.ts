import { currentStep } from '../../src/domain/approvals/eligible.ts';
import type { Approvers, Step } from '../../src/domain/approvals/policy.ts';
import type { ApprovalRequest, Decision } from '../../src/domain/approvals/request.ts';
import type { ApprovalModel } from '../../src/domain/approvals/verbs/model.ts';
import type { Blocks } from '../blocks.ts';
import { context, section } from '../blocks.ts';
import { bold, bulleted, date, md, type Mrkdwn } from '../mrkdwn.ts';
import type { Sign } from '../signs.ts';
import { signed } from '../signs.ts';
import { count, duration, eitherOf, listed, plural } from '../words.ts';
import { ACTION_WORDS } from './action-words.ts';

/** Approvers shown by name; a longer list says how many more. */
const NAMED = 6;

/** Completes “… asks to”. */
export function titleOf({ request, mayName }: ApprovalModel): string {
  const words = ACTION_WORDS[request.effect.is];
  return mayName || !words.personal ? request.described.title : words.unnamed;
}

/** One state, one word and one sign. */
export function requestSign({ state }: ApprovalRequest): Sign {
  switch (state.is) {
    case 'open':
      return { sign: '◌', word: 'waiting' };
    case 'approved':
      return { sign: '…', word: 'approved, being done' };
    case 'done':
      return { sign: '●', word: 'done' };
    case 'failed':
      return { sign: '✕', word: 'approved, not done' };
    case 'denied':
      return { sign: '✕', word: 'denied' };
    case 'expired':
      return { sign: '–', word: 'expired, not applied' };
    case 'withdrawn':
      return { sign: '–', word: 'withdrawn' };
    case 'closed':
      return { sign: '–', word: 'closed, not applied' };
  }
}

/** Who asks for what, and until when; what became of it once it is over. */
export function headline(shown: ApprovalModel): Mrkdwn {
  const { request, names, timeZone } = shown;
  const asks = md`${bold(names(request.by.userId))} asks to ${bold(titleOf(shown))}`;
  return request.state.is === 'open' ? md`${asks} · expires ${date(request.expiresAt, timeZone)}` : md`${asks} · ${signed(requestSign(request))}`;
}

/** The exact effect, why, what was decided so far, and how it ended. */
export function requestBlocks(shown: ApprovalModel): Blocks {
  const { request, mayName } = shown;
  const hidden = !mayName && ACTION_WORDS[request.effect.is].personal;
  const lines = hidden ? [`Who it is about: see approvals show ${request.id}; names may not stand in this channel.`] : request.described.lines;
  return [
    lines.length > 0 && section(bulleted(lines), { expand: true }),
    request.why !== null && section(mayName ? md`Why: “${request.why}”` : md`Why: see ${`approvals show ${request.id}`}; names may not stand in this channel.`),
    ...approvalLines(shown).map((line) => section(line)),
    ...outcomeLines(shown).map((line) => section(line)),
  ];
}

/** `needs 1 of: IT leads, not Ana Ruiz`, and who comes after. Null once it is over. */
export function needsLine(shown: ApprovalModel): Mrkdwn | null {
  const { request } = shown;
  if (request.state.is !== 'open') return null;
  const at = currentStep(request);
  const step = at === null ? undefined : request.steps[at];
  if (at === null || step === undefined) return null;
  const left = Math.max(1, step.count - decidedIn(request, at).length);
  const order = request.steps.length > 1 ? `step ${at + 1} of ${request.steps.length}: ` : '';
  return md`${order}needs ${count(left)} of: ${approverWords(step.approvers, shown)}, not ${eitherOf(excluded(shown))}`;
}

/** The small line below a request. */
export function footing(shown: ApprovalModel): ReturnType<typeof context> {
  const { request, timeZone } = shown;
  const later =
    request.state.is === 'open'
      ? request.steps.slice((currentStep(request) ?? request.steps.length) + 1).map((step) => md`then ${stepWords(step, shown)}`)
      : [];
  const unasked = shown.unasked > 0 && `${count(shown.unasked)} more may approve it, and were not asked by message`;
  return context(needsLine(shown), ...later, unasked, md`${request.id} · asked ${date(request.askedAt, timeZone)}`);
}

/** `1 of: IT leads`. */
export function stepWords(step: Step, of: Pick<ApprovalModel, 'names' | 'organization'>): string {
  return `${count(step.count)} of: ${approverWords(step.approvers, of)}`;
}

/** Who is named; with nobody named it is whoever may decide there. */
function approverWords({ people, groups }: Approvers, { names, organization }: Pick<ApprovalModel, 'names' | 'organization'>): string {
  const named = [...groups, ...people].map(names);
  return named.length > 0 ? listed(named, NAMED) : `whoever may approve ${organization === null ? 'for everything' : `at ${organization}`}`;
}

function decidedIn({ decisions }: Pick<ApprovalRequest, 'decisions'>, step: number): readonly Decision[] {
  return decisions.filter((decision) => decision.step === step);
}

/** Nobody approves their own request, nor two steps (P3). */
function excluded({ request, names }: ApprovalModel): readonly string[] {
  return [...new Set([request.by.userId, ...request.decisions.map(({ userId }) => userId)])].map(names);
}

/** Who approved, and how long it took. */
function approvalLines({ request, names }: ApprovalModel): readonly Mrkdwn[] {
  return request.decisions.map(({ userId, insteadOf, at, step }) => {
    const instead = insteadOf === null ? '' : `, in the place of ${names(insteadOf)}`;
    const which = request.steps.length > 1 ? `Step ${step + 1}: approved` : 'Approved';
    return md`${which} by ${names(userId)}${instead}, ${duration(at - request.askedAt)} later.`;
  });
}

function outcomeLines(shown: ApprovalModel): readonly Mrkdwn[] {
  const { request } = shown;
  const released = request.singlePerson === null ? [] : [md`Released from the host by a single person: “${shown.mayName ? request.singlePerson : '…'}”`];
  return [...released, ...alone(shown), ...ending(shown)];
}

/** Only the requester could approve it (P3): announced, and how it goes on. */
function alone({ request, names, timeZone }: ApprovalModel): readonly Mrkdwn[] {
  if (request.aloneUntil === null || request.state.is !== 'open') return [];
  return [
    md`Nobody but ${names(request.by.userId)} could approve this, and nobody approves their own request. From ${date(request.aloneUntil, timeZone)} on it can be released on Usher’s host, with a reason: ${`usher approvals release ${request.id} --why …`}.`,
  ];
}

function ending({ request, names, timeZone, mayName }: ApprovalModel): readonly Mrkdwn[] {
  const { state } = request;
  const personal = !mayName && ACTION_WORDS[request.effect.is].personal;
  switch (state.is) {
    case 'open':
      return [];
    case 'approved':
      return [md`It is being done.`];
    case 'done':
      return [md`Done: ${state.result}`];
    case 'failed':
      return [personal ? md`Not done: what it was about had changed.` : md`Not done: ${state.because}`];
    case 'denied':
      return [
        md`Denied by ${names(state.by)}, ${duration(state.at - request.askedAt)} later: ${mayName ? md`“${state.reason}”` : md`the reason went to ${names(request.by.userId)}.`}`,
      ];
    case 'expired':
      return [md`Expired ${date(state.at, timeZone)}: not applied. ${missing(request)}`];
    case 'withdrawn':
      return [md`Withdrawn by ${names(state.by)}, ${date(state.at, timeZone)}. Nothing was applied.`];
    case 'closed':
      return [md`Closed ${date(state.at, timeZone)}: ${personal ? 'it was overtaken.' : state.because} Nothing was applied.`];
  }
}

function missing(request: ApprovalRequest): string {
  const needed = request.steps.reduce((sum, step) => sum + step.count, 0);
  return `${count(request.decisions.length)} of ${plural(needed, 'approval')} had come.`;
}
