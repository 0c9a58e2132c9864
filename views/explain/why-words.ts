import type { Due, Explanation, Granted, Named, OutOfScope, Standing } from '../../src/domain/explain/explanation.ts';
import type { Frozen, Spared } from '../../src/domain/sync/change.ts';
import { bold, date, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { changesLine, errorWords } from '../sync/event-words.ts';
import { count, listed } from '../words.ts';

/** Who it is about, where, and how people are called. */
export interface Telling {
  readonly name: string;
  readonly connector: string;
  readonly timeZone: string;
  readonly names: (userId: string) => string;
  readonly nameOf: (personId: string) => string;
}

/** Why somebody has an account, or none, in one sentence (S18); a second one where nothing moves at all. */
export function whySentence({ standing, resting }: Explanation, to: Telling): Mrkdwn {
  const sentence = standingWords(standing, to);
  return resting === null ? sentence : md`${sentence} ${RESTING[resting](to.connector)}`;
}

const RESTING: Readonly<Record<NonNullable<Explanation['resting']>, (connector: string) => string>> = {
  draft: (connector) => `${connector} is a draft: nothing is sent until it is activated.`,
  disabled: (connector) => `${connector} is disabled: nothing changes until it is enabled.`,
  disconnected: (connector) => `${connector} is disconnected: nothing changes until it is connected again.`,
};

function standingWords(standing: Standing, to: Telling): Mrkdwn {
  const { connector, timeZone } = to;
  const who = bold(to.name);
  switch (standing.is) {
    case 'provisioned': {
      const { written, kept } = standing;
      const last = written === null ? md`` : md`; last written ${date(written.at, timeZone, 'date')} in run ${written.runId}`;
      const tier = kept === null ? md`` : md` Their licence tier stays as it is: they are protected (${kept.why}).`;
      return md`${who} has an account in ${connector} because ${granted(standing.granted, to)}${last}.${tier}`;
    }
    case 'waiting': {
      const changes = standing.changes.length === 0 ? md`` : md`: ${changesLine(standing.changes)}`;
      return md`${who} ${WAITING[standing.due]} in ${connector} ${nextRun(standing.running)} because ${granted(standing.granted, to)}; not run yet${changes}.`;
    }
    case 'failed': {
      const because = standing.granted === null ? md`` : md` ${grantedTail(standing.granted, to)}`;
      const { event } = standing;
      return md`${who} could not be ${TRIED[standing.due]} in ${connector}: ${errorWords(event)}, ${date(event.at, timeZone, 'date')} in run ${event.runId}.${because}`;
    }
    case 'frozen': {
      const because = standing.granted === null ? md`` : md` ${grantedTail(standing.granted, to)}`;
      return md`${who} is left as they are in ${connector}: ${frozenWords(standing.because, to.nameOf)}.${because}`;
    }
    case 'protected':
      return md`${who} keeps the account in ${connector}, though nothing assigned covers them: they are protected (${standing.because.why}), and ${SPARED[standing.because.spared]}.`;
    case 'held': {
      const { hold } = standing;
      const held =
        hold.reason.is === 'fuse'
          ? md`the removal is held by the fuse (${hold.id}) until somebody else releases it, or it expires ${date(hold.expiresAt, timeZone)}`
          : md`nobody is removed until ${date(hold.reason.until, timeZone)}: ${hold.reason.name} (${hold.id})`;
      return md`${who} still has an account in ${connector} though ${outWords(standing.why)}: ${held}.`;
    }
    case 'invited':
      return md`${who} ${invitedWords(standing, to)}`;
    case 'leaving':
      return md`${who}’s account in ${connector} is ${standing.due === 'delete' ? 'deleted' : 'deactivated'} ${nextRun(standing.running)}: ${outWords(standing.why)}; not run yet.`;
    case 'out-of-scope':
      return outOfScope(standing, to);
    case 'offboarded': {
      const { by, at, why, step } = standing.offboarded;
      const because = why === null ? md`` : md` (“${why}”)`;
      return md`${who} was off-boarded ${date(at, timeZone, 'date')} by ${to.names(by)}${because} and is kept out of ${connector} until released, whatever the directory says${offboardingStep(step, timeZone)}.`;
    }
    case 'not-activated':
      return md`${who} has no account in ${connector} yet. ${grantedTail(standing.granted, to)}`;
  }
}

function invitedWords({ since: at, waitingSince, granted: by }: Extract<Standing, { is: 'invited' }>, to: Telling): Mrkdwn {
  const { connector, timeZone } = to;
  const because = granted(by, to);
  if (waitingSince === null)
    return md`is invited to ${connector} since ${date(at, timeZone, 'date')} because ${because}; the account is made active when they accept.`;
  return md`accepted ${date(waitingSince, timeZone, 'date')}, and no seat of ${connector} was free: invited because ${because}, they wait for one.`;
}

const WAITING: Readonly<Record<Due, string>> = {
  create: 'gets an account',
  adopt: 'gets the account that is there',
  update: 'has an account that is updated',
  reactivate: 'has their account re-activated',
  deactivate: 'is deactivated',
  delete: 'is deleted',
};
const TRIED: Readonly<Record<Due, string>> = {
  create: 'created',
  adopt: 'linked to the account that is there',
  update: 'updated',
  reactivate: 're-activated',
  deactivate: 'deactivated',
  delete: 'deleted',
};
const SPARED: Readonly<Record<Spared['spared'], string>> = {
  deactivation: 'nothing deactivates it',
  deletion: 'nothing deletes it',
  downgrade: 'its licence tier stays as it is',
};

function nextRun(running: string | null): string {
  return running === null ? 'with the next run' : `in ${running}, which is under way`;
}

function granted(by: Granted, to: Telling): Mrkdwn {
  const approved = by.approvedBy.length === 0 ? md`` : md`, approved by ${listed(by.approvedBy.map(to.names))}`;
  return md`${placed(by)} is assigned since ${date(by.since, to.timeZone, 'date')} by ${to.names(by.by)}${approved}`;
}

/** The same as a sentence of its own. */
function grantedTail(by: Granted, to: Telling): Mrkdwn {
  return md`They are in scope: ${granted(by, to)}.`;
}

/** `Teachers (North High)`. */
export function placed({ name, organization }: Named): string {
  if (name === '') return 'a role or group of another organization';
  return organization === '' ? name : `${name} (${organization})`;
}

export function outWords(why: OutOfScope): string {
  switch (why) {
    case 'left-directory':
      return 'they left the directory';
    case 'not-enabled':
      return 'they are not enabled in the directory';
    case 'offboarded':
      return 'they were off-boarded';
    case 'no-assignment':
      return 'none of their roles and groups is assigned';
  }
}

function frozenWords(because: Exclude<Frozen, Spared>, nameOf: (personId: string) => string): string {
  switch (because.is) {
    case 'missing-attribute':
      return `they have no ${because.attribute} in the directory`;
    case 'same-match':
      return `they have the same “${because.value}” as ${listed(because.others.map(nameOf))}`;
    case 'ambiguous-match':
      return `several accounts of the application match: ${listed([...because.targetIds])}`;
    case 'names-in-a-circle':
      return `they are to be “${because.value}”, which ${nameOf(because.personId)} has, and names can’t be passed on in a circle: give one of them another name, sync, and then the right one`;
    case 'name-not-given-up':
      return `they are to be “${because.value}”, which ${nameOf(because.personId)} still has`;
    case 'changed-since-plan':
      return `they changed since the plan was made: ${because.now}`;
    case 'linked-to-another':
      return `the account that matches (${because.targetId}) belongs to ${nameOf(because.personId)}`;
  }
}

function outOfScope({ why, account, assigned }: Extract<Standing, { is: 'out-of-scope' }>, to: Telling): Mrkdwn {
  const has =
    account === null
      ? md`has no account in ${to.connector}`
      : md`${ACCOUNT[account.state]} ${to.connector}${since(account.since, to)}${due(account.deleteAt, to)}`;
  const would = why !== 'no-assignment' ? md`` : assigned.count === 0 ? md` It is assigned to nobody.` : md` It is assigned to ${assignedTo(assigned)}.`;
  return md`${bold(to.name)} ${has}: ${outWords(why)}.${would}`;
}

const ACCOUNT = {
  pending: 'has an account that is being created in',
  active: 'has an account in',
  inactive: 'has a deactivated account in',
  invited: 'has an account that waits for them in',
  gone: 'has no account any more in',
} as const;

function since(at: number | null, { timeZone }: Telling): Mrkdwn {
  return at === null ? md`` : md` since ${date(at, timeZone, 'date')}`;
}

function due(at: number | null, { timeZone }: Telling): Mrkdwn {
  return at === null ? md`` : md`, scheduled for deletion on ${date(at, timeZone, 'date')}`;
}

function assignedTo({ first, count: all }: Extract<Standing, { is: 'out-of-scope' }>['assigned']): Mrkdwn {
  const more = all > first.length ? md` and ${count(all - first.length)} more` : md``;
  return md`${joined([...new Set(first.map(placed))])}${more}`;
}

function offboardingStep(step: Extract<Standing, { is: 'offboarded' }>['offboarded']['step'], timeZone: string): Mrkdwn {
  if (step === null) return md``;
  switch (step.is) {
    case 'waiting':
      return md`; ${'the application has not confirmed it yet'}`;
    case 'failed':
      return md`; it failed ${step.attempts === 1 ? 'once' : `${count(step.attempts)} times`} (“${step.error}”) and is tried again ${date(step.next, timeZone)}`;
    case 'confirmed':
      return md`; the application confirmed it ${date(step.at, timeZone)}`;
    case 'no-account':
      return md`; they had no account there`;
    case 'protected':
      return md`; there they are protected and keep the account (${step.why})`;
  }
}
