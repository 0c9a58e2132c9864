import { delegate, delegationOf, undelegate } from '../../src/domain/approvals/verbs/delegate.ts';
import { badInput } from '../../src/domain/refusal.ts';
import { periodOf } from '../../src/domain/reports/verbs/period.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import { delegateModal, readDelegate } from '../../views/approvals/delegate-modal.ts';
import { type Message, message } from '../../views/blocks.ts';
import { bold, date, md } from '../../views/mrkdwn.ts';
import { loading, messageAsModal, note } from '../../views/notice.ts';
import type { Answer, Ask, Command, Form, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { userIn, type Words } from '../words.ts';

const give: Typed = {
  topic: 'approvals',
  verb: 'delegate',
  usage: 'approvals delegate <@person> until=<YYYY-MM-DD> [for= @person]',
  summary: 'Who decides in your place while you are away (for=: in somebody else’s); without words: the form',
  run: typedDelegate,
};

/** Somebody decides in one's place while one is away (P4). */
export const delegateApprovals: Command = {
  typed: [
    give,
    {
      topic: 'approvals',
      verb: 'undelegate',
      usage: 'approvals undelegate [for= @person]',
      summary: 'Decide yourself again',
      run: (ask, words) => ended(ask, absentIn(words)),
    },
  ],
  presses: { 'approvals.delegate': open, 'approvals.undelegate': (ask) => ended(ask, null) },
  forms: { 'approvals.delegate': submitted },
};

async function open(ask: Ask): Promise<Answer> {
  const delegation = await delegationOf(ask.outside, ask.actor);
  return {
    is: 'modal',
    view: loading('While you are away', 'One moment…'),
    later: async () =>
      delegateModal({ delegation, names: await namesOf(ask.outside, delegation === null ? [] : [delegation.to]), timeZone: ask.outside.settings.timeZone }),
  };
}

async function typedDelegate(ask: Ask, words: Words): Promise<Answer> {
  const [typed] = words.objects;
  if (typed === undefined && Object.keys(words.options).length === 0) return open(ask);
  const to = userIn(typed ?? '');
  if (to === null || words.options.until === undefined) throw usage(give, words);
  const absent = absentIn(words);
  const until = await endOf(ask, words.options.until);
  return { is: 'message', message: note('Asking Slack who that is…'), later: () => given(ask, to, until, absent) };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const { to, until } = readDelegate(form.state);
  if (to === null) throw badInput('to', 'Nobody is chosen.', 'Choose a person.');
  if (until === null) throw badInput('until', 'No day is chosen.', 'Choose one.');
  const end = await endOf(ask, until);
  return { is: 'modal', view: loading('While you are away', 'Asking Slack who that is…'), later: async () => messageAsModal(await given(ask, to, end, null)) };
}

/** The end of that day, in the installation's zone. */
async function endOf(ask: Ask, day: string): Promise<number> {
  const { until } = await periodOf(ask.outside, { from: null, until: day, asOf: null }, null);
  return until ?? Number.NaN;
}

/** For whom: the one who asks, or whoever `for=` names. */
function absentIn({ options }: Words): string | null {
  if (options.for === undefined) return null;
  const absent = userIn(options.for);
  if (absent === null) throw badInput('for', `“${options.for}” is no person.`, 'Type for= and, after a blank, @ and their name: for= @sam.');
  return absent;
}

async function given(ask: Ask, to: string, until: number, absent: string | null): Promise<Message> {
  const { userId } = ask.actor;
  await delegate(ask.outside, ask.actor, to, until, absent ?? userId);
  const names = await namesOf(ask.outside, absent === null ? [to] : [to, absent]);
  const end = date(until, ask.outside.settings.timeZone);
  return message({
    text:
      absent === null
        ? md`${bold(names(to))} decides in your place until ${end}. You can still decide yourself.`
        : md`${bold(names(to))} decides in the place of ${bold(names(absent))} until ${end}.`,
  });
}

async function ended(ask: Ask, absent: string | null): Promise<Answer> {
  await undelegate(ask.outside, ask.actor, absent ?? ask.actor.userId);
  return { is: 'message', message: note(absent === null ? 'Nobody decides in your place from now on.' : 'Nobody decides in their place from now on.') };
}
