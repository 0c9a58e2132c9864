import type { ApprovalRequest } from '../domain/approvals/request.ts';
import { releaseAlone } from '../domain/approvals/verbs/release.ts';
import { AUDIT_HEADER, auditCells } from '../domain/audit/sheet.ts';
import { verdict } from '../domain/audit/verification.ts';
import { exportAudit } from '../domain/audit/verbs/export.ts';
import { verifyAudit } from '../domain/audit/verbs/verify.ts';
import { rotateSecrets } from '../domain/connectors/verbs/rotate-secrets.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Actor } from '../domain/rights/grant.ts';
import type { Outside } from '../ports/outside.ts';
import { StoreFault } from '../ports/store.ts';
import { refusalText } from '../../views/refusal.ts';
import { type Envelope, EXIT, type Reply, type Request } from './protocol.ts';
import { signInsImported, stockImported } from './imports.ts';
import { keysLeft, rotated } from './secret-words.ts';
import { status } from './status.ts';

/** What the answers need to know of the process beside its ports. */
export interface Answering {
  readonly outside: Outside;
  readonly folder: string;
  readonly startedAt: number;
  readonly process: number;
}

/** Whoever can open the socket may do on this machine what the process may: a global admin, named by their user on the host. */
function hostActor(user: string): Actor {
  const userId = `host:${user}`;
  return { teamId: '', userId, way: 'command-line', grants: [{ teamId: '', userId, role: 'admin', organizationId: null }] };
}

/** The answer to one request of the command line; it always ends with `end`. */
export async function* answerTo(parts: Answering, { by, request }: Envelope): AsyncGenerator<Reply> {
  const { outside } = parts;
  outside.log.info({ by: `host:${by}`, request: request.is }, 'the command line asks');
  try {
    yield* answered(parts, by, request);
  } catch (error) {
    if (error instanceof Refusal) yield { is: 'fault', text: refusalText(error.reason, outside.settings) };
    else if (error instanceof StoreFault) yield { is: 'fault', text: error.message };
    else {
      const reference = outside.chance.reference();
      outside.log.error({ reference, err: error }, 'a request of the command line failed');
      yield { is: 'fault', text: `Something went wrong inside Usher. Reference ${reference} finds it in the log.` };
    }
    yield { is: 'end', code: EXIT.refused };
  }
}

async function* answered(parts: Answering, by: string, request: Request): AsyncGenerator<Reply> {
  const { outside } = parts;
  const actor = hostActor(by);
  switch (request.is) {
    case 'status':
      yield* said(await status(parts));
      return;
    case 'audit verify': {
      const found = await verifyAudit(outside, actor, request.head);
      yield* said(verdict(found), found.fault === null ? EXIT.done : EXIT.found);
      return;
    }
    case 'audit export':
      yield { is: 'header', cells: [...AUDIT_HEADER] };
      for await (const record of exportAudit(outside, actor, { from: request.from, until: request.until }))
        yield { is: 'record', cells: [...auditCells(record, { by: record.by, connector: '', channel: '' })], value: { ...record } };
      yield { is: 'end', code: EXIT.done };
      return;
    case 'secrets rotate': {
      const rotation = await rotateSecrets(outside, actor);
      yield* said([...rotated(rotation), ...keysLeft(rotation)], rotation.unopened.length === 0 ? EXIT.done : EXIT.found);
      return;
    }
    case 'approvals list':
      yield* said(await openRequests(outside));
      return;
    case 'approvals release': {
      const released = await releaseAlone(outside, request.id, request.why, by);
      yield* said([outcome(released)], released.state.is === 'done' ? EXIT.done : EXIT.refused);
      return;
    }
    case 'stock import': {
      const { lines, code } = await stockImported(outside, actor, request.file, request.organization);
      yield* said(lines, code);
      return;
    }
    case 'sign-ins import': {
      const { lines, code } = await signInsImported(outside, actor, request.file);
      yield* said(lines, code);
    }
  }
}

function* said(lines: readonly string[], code: number = EXIT.done): Generator<Reply> {
  for (const text of lines) yield { is: 'line', text };
  yield { is: 'end', code };
}

async function openRequests({ store, clock }: Outside): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const page of store.scan('approval')) for (const { value } of page) if (value.state.is === 'open') lines.push(requestLine(value, clock.now()));
  return lines.length === 0 ? ['No request waits for an approval.'] : lines;
}

function requestLine({ id, by, described, why, expiresAt, aloneUntil }: ApprovalRequest, now: number): string {
  const reason = why === null ? '' : ` Why: ${why}`;
  const released = aloneUntil === null ? '' : aloneUntil <= now ? ' Can be released here.' : ` Can be released here from ${iso(aloneUntil)}.`;
  return `${id}  ${by.userId} asks to ${described.title}. ${described.lines.join(' ')}${reason} Expires ${iso(expiresAt)}.${released}`;
}

function outcome({ id, state }: ApprovalRequest): string {
  switch (state.is) {
    case 'done':
      return `${id} is released. ${state.result}`;
    case 'failed':
      return `${id} was released, and could not be done: ${state.because}`;
    case 'approved':
      return `${id} is released and being done: see \`usher approvals list\` or the audit.`;
    case 'open':
    case 'denied':
    case 'expired':
    case 'withdrawn':
    case 'closed':
      return `${id} is ${state.is}.`;
  }
}

const iso = (at: number): string => new Date(at).toISOString();
