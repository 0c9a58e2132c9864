import { z } from 'zod';
import { shownRequest } from '../../src/domain/approvals/verbs/model.ts';
import { submit } from '../../src/domain/approvals/verbs/submit.ts';
import type { Assignment } from '../../src/domain/assignments/assignment.ts';
import type { AssignableGrouping } from '../../src/domain/assignments/verbs/assignable.ts';
import { namesOfPeople, requireAssignment, unassignPreview } from '../../src/domain/assignments/verbs/unassign-preview.ts';
import { connectorNamed, type VisibleConnector } from '../../src/domain/connectors/verbs/find.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { tree } from '../../src/domain/rights/verbs/who.ts';
import { askedModal } from '../../views/approvals/asked.ts';
import { readUnassign, shownOf, unassignedModal, unassignModal } from '../../views/assignments/unassign-modal.ts';
import type { ModalView } from '../../views/blocks.ts';
import { loading } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import { aheadOf } from '../approvals/ahead.ts';
import type { Answer, Ask, Command, Form, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import type { Words } from '../words.ts';
import { groupingNamed } from './choices.ts';
import { whenOf } from './new.ts';

const metadata = z.object({ assignmentId: z.string(), agreed: z.string() });

const remove: Typed = {
  topic: 'assign',
  verb: 'remove',
  right: 'administer',
  usage: 'assign remove <connector> <role or group> [organization=<organization>]',
  summary: 'Un-assign: shows who would lose their account first',
  run: typedRemove,
};

/** Un-assigning, with the number and the list of who would lose their account first (A3). */
export const removeAssignment: Command = {
  typed: [remove],
  presses: { 'assign.remove': (ask, press) => open(ask, press.value ?? ''), 'assign.losers': page },
  forms: { 'assign.remove': submitted },
};

async function typedRemove(ask: Ask, words: Words): Promise<Answer> {
  const [connectorName, ...rest] = words.objects;
  if (connectorName === undefined || rest.length === 0) throw usage(remove, words);
  const assigned = await inForce(ask, await connectorNamed(ask.outside, ask.actor, connectorName));
  return open(ask, groupingNamed(assigned, rest.join(' '), words.options.organization).assignment.id);
}

interface InForce extends AssignableGrouping {
  readonly assignment: Assignment;
}

/** The assignments of the connector, as far as the person may see them (C3). */
async function inForce(ask: Ask, { connector, whole, organizations: seen }: VisibleConnector): Promise<readonly InForce[]> {
  const organizations = await tree(ask.outside);
  const assigned: InForce[] = [];
  for await (const some of ask.outside.store.scan('assignment', { prefix: `${connector.id}/` })) {
    for (const { value: assignment } of some) {
      if (assignment.ended !== null || !(whole || seen.has(assignment.organizationId))) continue;
      const grouping = (await ask.outside.store.get('grouping', assignment.groupingId))?.value;
      const organization = organizations.get(assignment.organizationId);
      if (grouping !== undefined && organization !== undefined) assigned.push({ assignment, grouping, organization });
    }
  }
  return assigned;
}

async function open(ask: Ask, assignmentId: string): Promise<Answer> {
  const { connector, grouping } = await requireAssignment(ask.outside, ask.actor, assignmentId);
  return {
    is: 'modal',
    view: loading('Un-assign?', `Counting who would lose their account in ${connector.name} without ${grouping}…`),
    later: () => confirmation(ask, assignmentId, 1, null),
  };
}

/** Another page of the list; drawn in place, so that what was typed stays. */
async function page(ask: Ask, press: Press): Promise<Answer> {
  const pressed = readPager(press.value ?? undefined);
  return { is: 'modal', view: await confirmation(ask, pressed.value, pressed.page, metadataOf(press.view?.metadata).agreed) };
}

/** The dialog as it stands now; where that isn't what was agreed to, it says so. */
async function confirmation(ask: Ask, assignmentId: string, at: number, agreed: string | null): Promise<ModalView> {
  const preview = await unassignPreview(ask.outside, ask.actor, assignmentId);
  const names = await namesOfPeople(ask.outside, shownOf(preview, at));
  const ahead = await aheadOf(ask, { is: 'unassign', assignmentId, agreed: preview.agreed, why: null });
  return unassignModal({ preview, page: at, names, changed: agreed !== null && agreed !== preview.agreed, ahead });
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const { assignmentId, agreed } = metadataOf(form.metadata);
  const { why } = readUnassign(form.state);
  const { connector } = await requireAssignment(ask.outside, ask.actor, assignmentId);
  return {
    is: 'modal',
    view: loading('Un-assign', `Un-assigning ${connector.name}…`),
    later: () => ended(ask, assignmentId, agreed, why),
  };
}

async function ended(ask: Ask, assignmentId: string, agreed: string, why: string | null): Promise<ModalView> {
  try {
    const submitted = await submit(ask.outside, ask.actor, { is: 'unassign', assignmentId, agreed, why }, why);
    if (submitted.is === 'asked') return askedModal(await shownRequest(ask.outside, submitted.request, true));
    const preview = submitted.result;
    return unassignedModal({ preview, ...(await whenOf(ask, preview.connector)) });
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.reason.is !== 'changed-meanwhile') throw refusal;
    return confirmation(ask, assignmentId, 1, agreed);
  }
}

function metadataOf(from: unknown): z.infer<typeof metadata> {
  const read = metadata.safeParse(from);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  return read.data;
}
