import { z } from 'zod';
import { connectorNamed, visibleConnectors } from '../../src/domain/connectors/verbs/find.ts';
import { wordsOf } from '../../src/domain/directory/fold.ts';
import { addFreeze, type FreezeWish, freezes, removeFreeze } from '../../src/domain/holds/verbs/freezes.ts';
import { badInput } from '../../src/domain/refusal.ts';
import { holds, holdsSomewhere } from '../../src/domain/rights/grant.ts';
import { requireSomewhere } from '../../src/domain/rights/verbs/somewhere.ts';
import { tree } from '../../src/domain/rights/verbs/who.ts';
import { type Choice, message } from '../../views/blocks.ts';
import { ALL_CONNECTORS, freezeLine, freezeModal, freezesModal, readFreeze } from '../../views/holds/freeze.ts';
import { isValueOf } from '../../views/ids.ts';
import { md } from '../../views/mrkdwn.ts';
import { note } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import { fittingChoices } from '../choices.ts';
import type { Answer, Ask, Command, Form, Suggestion, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const add: Typed = {
  topic: 'freeze',
  verb: 'add',
  right: 'administer',
  usage: 'freeze add <name> from=2026-06-01 until=2026-06-20 [connector=<connector>]',
  summary: 'Remove nobody from the first to the last day; without days: the form',
  run: typedAdd,
};

const remove: Typed = {
  topic: 'freeze',
  verb: 'remove',
  right: 'administer',
  usage: 'freeze remove <freeze>',
  summary: 'Take a period off the calendar; what it held goes with the next sync',
  run: async (ask, words) => {
    if (!/^f-\d+$/i.test(named(words))) throw usage(remove, words);
    const { name } = await removeFreeze(ask.outside, ask.actor, named(words));
    return { is: 'message', message: note(`The freeze ${name} is removed.`, 'What it held goes with the next sync; the fuse counts as usual.') };
  },
};

const list: Typed['run'] = (ask) => shown(ask, 1);

/** Periods in which nobody is removed (S21). */
export const freezeCommands: Command = {
  typed: [
    { topic: 'freeze', verb: '', right: 'see', usage: 'freeze', summary: 'Periods in which nobody is removed', run: list },
    { topic: 'freeze', verb: 'list', right: 'see', usage: 'freeze list', summary: 'The same', run: list },
    add,
    remove,
  ],
  presses: {
    'freeze.list': (ask, press) => shown(ask, readPager(press.value ?? undefined).page),
    'freeze.add': open,
    'freeze.remove': async (ask, press) => {
      await removeFreeze(ask.outside, ask.actor, press.value ?? '');
      return shown(
        ask,
        z
          .object({ page: z.number().int().min(1) })
          .catch({ page: 1 })
          .parse(press.view?.metadata ?? null).page,
      );
    },
  },
  forms: { 'freeze.add': submitted },
  suggestions: { 'freeze.connector': connectors },
};

async function shown(ask: Ask, page: number): Promise<Answer> {
  await requireSomewhere(ask.outside, ask.actor, 'see', 'see the freeze calendar');
  return { is: 'modal', view: freezesModal(await freezes(ask.outside, ask.actor), holdsSomewhere(ask.actor, 'administer'), page) };
}

async function open(ask: Ask): Promise<Answer> {
  await requireSomewhere(ask.outside, ask.actor, 'administer', 'set a freeze');
  return { is: 'modal', view: freezeModal(isGlobal(ask)) };
}

async function typedAdd(ask: Ask, words: Words): Promise<Answer> {
  const { from, until, connector } = words.options;
  if (from === undefined && until === undefined && words.objects.length === 0) return open(ask);
  if (from === undefined || until === undefined || words.objects.length === 0) throw usage(add, words);
  const connectorId = connector === undefined ? null : (await connectorNamed(ask.outside, ask.actor, connector)).connector.id;
  const row = await addFreeze(ask.outside, ask.actor, { name: named(words), from, until, connectorId });
  return { is: 'message', message: message({ text: md`Frozen: ${freezeLine(row)}. Nobody is removed; joins and changes go on.` }) };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const { connector, ...days } = readFreeze(form.state);
  const wish: FreezeWish = { ...days, connectorId: await chosen(ask, connector) };
  await addFreeze(ask.outside, ask.actor, wish);
  return shown(ask, 1);
}

async function chosen(ask: Ask, value: string): Promise<string | null> {
  if (value === ALL_CONNECTORS.value) return null;
  const found = (await visibleConnectors(ask.outside, ask.actor)).find(({ connector }) => isValueOf(value, connector.id));
  if (found === undefined) throw badInput('connector', 'No connector is chosen.', 'Choose one, or all.');
  return found.connector.id;
}

async function connectors(ask: Ask, suggestion: Suggestion): Promise<readonly Choice[]> {
  const organizations = await tree(ask.outside);
  const mine = (await visibleConnectors(ask.outside, ask.actor))
    .map(({ connector }) => connector)
    .filter(({ organizationId }) => holds(ask.actor, 'administer', organizationId, organizations));
  const fitting = fittingChoices(suggestion.typed, mine);
  return isGlobal(ask) && wordsOf(suggestion.typed).length === 0 ? [ALL_CONNECTORS, ...fitting] : fitting;
}

function isGlobal(ask: Ask): boolean {
  return holds(ask.actor, 'administer', null, new Map());
}
