import type { ApprovalRequest } from '../../src/domain/approvals/request.ts';
import type { Policy } from '../../src/domain/approvals/policy.ts';
import { put } from '../../src/domain/revise.ts';
import type { Role } from '../../src/domain/rights/grant.ts';
import type { ControlMessage } from '../../src/sandbox/slack/control.ts';
import { type App, PROVISIONING } from '../app.ts';

const TEAM = 'T0RIVERSIDE';

/** Roles as Ana has given them before: straight into the store. */
export async function grant(app: App, roles: Readonly<Record<string, Role>>): Promise<void> {
  const { store } = app.usher().outside;
  const puts = Object.entries(roles).map(([userId, role], index) => {
    const id = `G-${index + 1}`;
    return put('grant', id, { id, holder: { is: 'person', teamId: TEAM, userId }, role, organizationId: null, by: 'U0ANARUIZ', at: 0, why: null });
  });
  await store.transaction({ puts });
}

/** A policy as Ana has set it before: straight into the store. */
export async function policy(app: App, of: Partial<Policy> & Pick<Policy, 'action'>): Promise<void> {
  const base = { id: 'P-1', organizationId: null, from: 0, steps: [step()], channelId: PROVISIONING, hours: 72, by: 'U0ANARUIZ', at: 0 };
  await app.usher().outside.store.transaction({ puts: [put('policy', of.id ?? base.id, { ...base, ...of }), put('counter', 'policy', { value: 9 })] });
}

/** One person of these; of nobody named, whoever may approve. */
export function step(...people: readonly string[]): Policy['steps'][number] {
  return { approvers: { people, groups: [] }, count: 1 };
}

/** The request as the store has it. */
export async function request(app: App, id: string): Promise<ApprovalRequest> {
  const stored = await app.usher().outside.store.get('approval', id);
  if (stored === undefined) throw new Error(`there is no request ${id}`);
  return stored.value;
}

/** Every copy of a request's card that there is anywhere, as it stands now. */
function copies({ workspace }: App, id: string, ...channels: readonly string[]): readonly ControlMessage[] {
  return channels
    .flatMap((channelId) => workspace.messages(channelId))
    .filter(({ threadTs, blocks }) => threadTs === null && JSON.stringify(blocks).includes(`${id} · asked`));
}

/** Waits until every copy says so, and gives them as one text. */
export async function everyCopy(app: App, id: string, channels: readonly string[], words: string): Promise<string> {
  return app.workspace.until(() => {
    const found = copies(app, id, ...channels).map(({ text, blocks }) => JSON.stringify([text, blocks]));
    return found.length > 0 && found.every((one) => one.includes(words)) ? found.join('\n') : undefined;
  }, `every copy of ${id} says “${words}”`);
}
