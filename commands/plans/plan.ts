import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import { planCard, type PlanId, type StoredPlan } from '../../src/domain/plans/plan.ts';
import { askForPlan } from '../../src/domain/plans/verbs/ask-for.ts';
import { continuePlan } from '../../src/domain/plans/verbs/apply.ts';
import { cancelPlan } from '../../src/domain/plans/verbs/cancel.ts';
import { buildPlan, makePlan } from '../../src/domain/plans/verbs/make.ts';
import { planModel } from '../../src/domain/plans/verbs/model.ts';
import { seenPlan } from '../../src/domain/plans/verbs/seen-plan.ts';
import { sendPlan } from '../../src/domain/plans/verbs/sheet.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { permittedScope } from '../../src/domain/sync/verbs/permit.ts';
import { placeFor } from '../../src/domain/sync/verbs/show-run.ts';
import { WorkspaceFault } from '../../src/ports/workspace.ts';
import { type Message, message } from '../../views/blocks.ts';
import { channelMention, type Mrkdwn, md } from '../../views/mrkdwn.ts';
import { note } from '../../views/notice.ts';
import { plural } from '../../views/words.ts';
import { CANARY, countsLine, planMessage } from '../../views/plans/plan-card.ts';
import type { Answer, Ask, Command, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const make: Typed = {
  topic: 'sync',
  verb: 'plan',
  right: 'run',
  usage: 'sync plan <connector or plan>',
  summary: 'Make a plan to look at and approve; or show one',
  run: typedPlan,
};
const apply: Typed = {
  topic: 'sync',
  verb: 'apply',
  right: 'run',
  usage: 'sync apply <plan> [first=<people>]',
  summary: 'Approve and run exactly that plan',
  run: typedApply,
};
const goOn: Typed = {
  topic: 'sync',
  verb: 'continue',
  right: 'run',
  usage: 'sync continue <plan>',
  summary: 'The rest of a plan after its first people',
  run: (ask, words) => continued(ask, idIn(words, goOn)),
};
const drop: Typed = {
  topic: 'sync',
  verb: 'drop',
  right: 'run',
  usage: 'sync drop <plan>',
  summary: 'Cancel a plan: nothing more of it is applied',
  run: (ask, words) => dropped(ask, idIn(words, drop)),
};
const file: Typed = {
  topic: 'sync',
  verb: 'plan-file',
  right: 'see',
  usage: 'sync plan-file <plan>',
  summary: 'All of a plan as a CSV',
  run: (ask, words) => sent(ask, idIn(words, file)),
};

/** Plan first: make, show, approve and run, its first people, continue, cancel, the whole of it as a file (S6). */
export const planCommands: Command = {
  typed: [make, apply, goOn, drop, file],
  presses: {
    'sync.plan': async (ask, press) => made(ask, (await connectorById(ask.outside, ask.actor, press.value ?? '')).connector),
    'sync.apply': (ask, press) => applied(ask, press.value ?? '', null),
    'sync.canary': (ask, press) => applied(ask, press.value ?? '', CANARY),
    'sync.continue': (ask, press) => continued(ask, press.value ?? ''),
    'sync.drop': (ask, press) => dropped(ask, press.value ?? ''),
    'sync.plan-file': (ask, press) => sent(ask, press.value ?? ''),
  },
};

const PLAN = /^L-\d+$/i;

async function typedPlan(ask: Ask, words: Words): Promise<Answer> {
  const what = named(words);
  if (what === '') throw usage(make, words);
  return PLAN.test(what) ? shown(ask, what.toUpperCase()) : made(ask, (await connectorNamed(ask.outside, ask.actor, what)).connector);
}

async function typedApply(ask: Ask, words: Words): Promise<Answer> {
  const { first } = words.options;
  if (first !== undefined && !/^\d{1,9}$/.test(first)) throw badInput('first', 'That is no number of people.', 'Type first=5, for example.');
  return applied(ask, idIn(words, apply), first === undefined ? null : Number(first));
}

function idIn(words: Words, of: Typed): PlanId {
  const id = named(words).toUpperCase();
  if (!PLAN.test(id)) throw usage(of, words);
  return id;
}

/** Its card stands at once; making it, and the file in its thread, come behind. */
async function made(ask: Ask, connector: Connector): Promise<Answer> {
  const { outside, actor } = ask;
  const plan = await makePlan(outside, actor, { connectorId: connector.id, place: placeFor(actor.userId, ask.channelId) });
  return {
    is: 'message',
    message: note(
      `${plan.id}: making the plan for ${connector.name}…`,
      connector.listing === null ? 'The accounts it has are listed first.' : 'Nothing is sent.',
    ),
    later: async () => {
      const built = (await buildPlan(outside, plan.id)) ?? plan;
      switch (built.state.is) {
        case 'open': {
          const where = await attached(ask, built);
          return message({ text: md`${plan.id} for ${connector.name}: ${countsLine(built)}. Nothing was sent.${where}` });
        }
        case 'voided':
          return note(`${plan.id} for ${connector.name} was not made: ${built.state.because}`);
        case 'making':
        case 'applying':
        case 'canary-done':
        case 'applied':
        case 'cancelled':
        case 'expired':
          return card(ask, plan.id);
      }
    },
  };
}

/** The whole plan as a file, and where it is; nothing where Slack did not take it: its button makes it again. */
async function attached({ outside, actor }: Ask, plan: StoredPlan): Promise<Mrkdwn | string> {
  try {
    if ((await sendPlan(outside, actor, plan)) === 'person') return ' All of it is in your direct messages, as a file.';
    const posted = (await outside.store.get('card', planCard(plan.id)))?.value.posted ?? null;
    return posted === null ? '' : md` All of it is in the thread of its card in ${channelMention(posted.channelId)}.`;
  } catch (fault) {
    if (fault instanceof WorkspaceFault) return '';
    throw fault;
  }
}

/** The card as it stands now, for whoever may see all that it tells (C3). */
async function shown(ask: Ask, planId: PlanId): Promise<Answer> {
  await requireWhole(ask, planId);
  return { is: 'message', message: note(`${planId}…`), later: () => card(ask, planId) };
}

async function requireWhole(ask: Ask, planId: PlanId): Promise<void> {
  const { plan, visible } = await seenPlan(ask.outside, ask.actor, planId);
  if (visible.whole) return;
  // Whoever may apply all of it is one of those who see all of it.
  const scope = await permittedScope(ask.outside, ask.actor, visible.connector, plan.scope);
  if (scope.is !== plan.scope.is) throw new Refusal({ is: 'not-found', what: 'plan', typed: planId, near: [] });
}

async function card(ask: Ask, planId: PlanId): Promise<Message> {
  const model = await planModel(ask.outside, planId, true);
  if (model === null) throw new Refusal({ is: 'not-found', what: 'plan', typed: planId, near: [] });
  return planMessage(model);
}

/** The card tells how it goes on; the one who pressed is told in a sentence. Describing it reads the plan's own numbers only. */
async function applied(ask: Ask, planId: PlanId, first: number | null): Promise<Answer> {
  await seenPlan(ask.outside, ask.actor, planId);
  return {
    is: 'message',
    message: note(`Plan ${planId}: one moment…`),
    later: async () => {
      const pressed = await askForPlan(ask.outside, ask.actor, planId, first);
      if (pressed.is === 'asked')
        return note(`Request ${pressed.requestId} asks for approval of plan ${planId}.`, 'It runs as soon as it is approved; its card says when.');
      return note(
        `Run ${pressed.runId} applies plan ${planId}${first === null ? '' : ` to its first ${plural(first, 'person', 'people')}`}.`,
        'Its card shows the progress.',
      );
    },
  };
}

async function continued(ask: Ask, planId: PlanId): Promise<Answer> {
  const { run } = await continuePlan(ask.outside, ask.actor, planId);
  return { is: 'message', message: note(`Run ${run.id} applies the rest of plan ${planId}.`, 'Its card shows the progress.') };
}

async function dropped(ask: Ask, planId: PlanId): Promise<Answer> {
  await cancelPlan(ask.outside, ask.actor, planId);
  return { is: 'message', message: note(`${planId} is cancelled.`, 'Nothing more of it is applied.') };
}

async function sent(ask: Ask, planId: PlanId): Promise<Answer> {
  await requireWhole(ask, planId);
  const { plan } = await seenPlan(ask.outside, ask.actor, planId);
  if (plan.state.is === 'making') throw new Refusal({ is: 'nothing-to-do', detail: `${planId} is still being made.` });
  return {
    is: 'message',
    message: note(`Making the file of ${planId}…`),
    later: async () =>
      note(`All of ${planId} is ${(await sendPlan(ask.outside, ask.actor, plan)) === 'thread' ? 'in the thread of its card' : 'in your direct messages'}.`),
  };
}
