import { helpMessage, type HelpTopic } from '../../views/home/help-message.ts';
import { type Actor, holds, holdsSomewhere } from '../../src/domain/rights/grant.ts';
import { requireRole } from '../../src/domain/rights/verbs/who.ts';
import { type Answer, type Ask, TOPICS, type Topic, type Typed } from '../command.ts';

const TITLES: Readonly<Record<Topic, string>> = {
  home: 'Hub',
  connectors: 'Connectors',
  assign: 'Assignments',
  sync: 'Sync',
  enroll: 'Enrollment',
  report: 'Reports',
  alerts: 'Alerts',
  directory: 'Directory',
  person: 'People',
  why: 'Why',
  events: 'Events',
  verify: 'Verify',
  undo: 'Undo',
  freeze: 'Freeze calendar',
  roles: 'Roles',
  approvals: 'Approvals',
  protected: 'Protected people',
  audit: 'Audit',
  stop: 'Emergency stop',
  offboard: 'Off-boarding',
};

/** What somebody can never do is not shown to them (X1). */
function isOffered(actor: Actor, { right, everywhere }: Typed): boolean {
  if (right === undefined) return true;
  return everywhere === true ? holds(actor, right, null, new Map()) : holdsSomewhere(actor, right);
}

/** Help drawn from the registry itself, so that it can't forget a command. Whoever has no role is told whom to ask, and nothing else. */
export function helpOf(typed: () => readonly Typed[]): (ask: Ask, topic: Topic | null, words: string | null) => Promise<Answer> {
  return async (ask, topic, words) => {
    await requireRole(ask.outside, ask.actor);
    const topics: readonly HelpTopic[] = TOPICS.filter((one) => topic === null || one === topic).map((one) => ({
      topic: TITLES[one],
      lines: typed().filter((command) => command.topic === one && isOffered(ask.actor, command)),
    }));
    return { is: 'message', message: helpMessage(topics, words, ask.outside.settings.name) };
  };
}
