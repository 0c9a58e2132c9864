import type { ListedGrant } from '../../src/domain/rights/verbs/role-grants.ts';
import { context, type Message, message, section } from '../blocks.ts';
import { bold, joined, md, mention, type Mrkdwn } from '../mrkdwn.ts';
import { plural } from '../words.ts';
import { givenLines } from './list.ts';
import { placeOf, ROLE_WORDS } from './words.ts';

/** Roles named one by one; the rest is counted. */
const SHOWN = 20;

export interface MyRoles {
  readonly roles: readonly ListedGrant[];
  /** Slack user ids of whoever can give more. */
  readonly ask: readonly string[];
  readonly timeZone: string;
  readonly names: (userId: string) => string;
}

/** What the person holds, through what, and whom to ask for more. */
export function mineMessage(of: MyRoles): Message {
  const { roles } = of;
  const head = `You hold ${plural(roles.length, 'role')}: ${roles.map((grant) => `${grant.role} of ${placeOf(grant)}`).join(', ')}.`;
  const rest = roles.length - SHOWN;
  return message({
    text: head,
    blocks: [
      section(`You hold ${plural(roles.length, 'role')}.`),
      ...roles.slice(0, SHOWN).map((grant) => section(joined([line(grant), ...givenLines(grant, of)], '\n'))),
      rest > 0 && context(`and ${plural(rest, 'more role')}`),
      context(askLine(of.ask)),
    ],
  });
}

function line(grant: ListedGrant): Mrkdwn {
  const through = grant.holder.is === 'group' ? md` through ${grant.holderName}` : md``;
  return md`${bold(grant.role)} of ${placeOf(grant)}${through}\n${ROLE_WORDS[grant.role]}`;
}

function askLine(ask: readonly string[]): Mrkdwn {
  if (ask.length === 0) return md`For more, ask whoever runs Usher here.`;
  return md`For more, ask ${joined(
    ask.slice(0, 3).map((userId) => mention(userId)),
    ' or ',
  )}.`;
}
