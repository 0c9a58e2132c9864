import { z } from 'zod';
import { type ApprovalModel, shownRequest } from '../../src/domain/approvals/verbs/model.ts';
import { submit } from '../../src/domain/approvals/verbs/submit.ts';
import { fold } from '../../src/domain/directory/fold.ts';
import type { Chosen, Release } from '../../src/domain/holds/release.ts';
import { holdById } from '../../src/domain/holds/verbs/find.ts';
import { agreedTo, releasable } from '../../src/domain/holds/verbs/release.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { tree } from '../../src/domain/rights/verbs/who.ts';
import { askedMessage, askedModal } from '../../views/approvals/asked.ts';
import type { Message, ModalView } from '../../views/blocks.ts';
import { releasedMessage, releasedModal, readRelease, readTicks, releaseModal, MOST_TICKED, tickModal, type Ticking } from '../../views/holds/release-modal.ts';
import { loading, note } from '../../views/notice.ts';
import type { Answer, Ask, Command, Form, Press, Typed } from '../command.ts';
import type { Words } from '../words.ts';
import { holdIdIn, modelOf, unreleasedPage } from './show.ts';

const release: Typed = {
  topic: 'sync',
  verb: 'release',
  right: 'decide',
  usage: 'sync release <hold> [all] [organization="North High"] [people=id,id] why="…"',
  summary: 'Let held removals go with the next sync: all, those of an organization, or some; without whom: the form',
  run: typedRelease,
};

/** Releasing what the fuse or a freeze holds, with a reason, by a second person (S14, S21). */
export const releaseCommands: Command = {
  typed: [release],
  presses: {
    'sync.release-all': (ask, press) => openAll(ask, press.value ?? ''),
    'sync.release-some': (ask, press) => openSome(ask, press.value ?? ''),
    'sync.release-page': turnPage,
  },
  forms: { 'sync.release': submittedRelease, 'sync.release-some': submittedTicks },
};

const metadata = z.object({ holdId: z.string(), agreed: z.string() });

async function openAll(ask: Ask, holdId: string): Promise<Answer> {
  const { hold } = await holdById(ask.outside, ask.actor, holdId);
  return {
    is: 'modal',
    view: loading(`Release ${hold.id}`, 'Reading who is held…'),
    later: async () => releaseModal(await modelOf(ask, hold.id), (await releasable(ask.outside, ask.actor, hold.id, { is: 'all' })).agreed),
  };
}

async function openSome(ask: Ask, holdId: string): Promise<Answer> {
  const { hold } = await holdById(ask.outside, ask.actor, holdId);
  return {
    is: 'modal',
    view: loading(`Release some of ${hold.id}`.slice(0, 24), 'Reading who is held…'),
    later: async () => {
      const { agreed } = await releasable(ask.outside, ask.actor, hold.id, { is: 'all' });
      return ticking(ask, { holdId: hold.id, page: 1, list: agreed, ticked: [] });
    },
  };
}

async function turnPage(ask: Ask, press: Press): Promise<Answer> {
  const ticks = readTicks(press.view?.metadata, press.view?.state);
  if (ticks === null) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  return { is: 'modal', view: await ticking(ask, { ...ticks, page: Number(press.value ?? 1) || 1 }) };
}

async function ticking(ask: Ask, of: Ticking): Promise<ModalView> {
  if (of.ticked.length > MOST_TICKED) throw badInput(null, `More than ${MOST_TICKED} people are ticked.`, 'Release those of an organization, or all.');
  const held = await unreleasedPage(ask, of.holdId, of.page);
  if (agreedTo(ask.outside, held.ids) !== of.list) throw new Refusal({ is: 'changed-meanwhile', what: `Who is held by ${of.holdId}` });
  return tickModal(held, { ...of, page: held.page }, (held.page - 1) * 10);
}

async function submittedRelease(ask: Ask, form: Form): Promise<Answer> {
  const read = metadata.safeParse(form.metadata);
  const { whose, why } = readRelease(form.state);
  if (!read.success || whose === null) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  const { holdId, agreed } = read.data;
  const { hold } = await holdById(ask.outside, ask.actor, holdId);
  requireWhy(why);
  return asModal(ask, async () => {
    if (whose === 'all') return { is: 'hold', holdId, chosen: { is: 'all' }, agreed, why };
    // The form was made for the people of that moment: its organizations count in their list.
    if ((await releasable(ask.outside, ask.actor, holdId, { is: 'all' })).agreed !== agreed)
      throw new Refusal({ is: 'changed-meanwhile', what: `Who is held by ${holdId}` });
    const place = hold.places[whose];
    if (place === undefined) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
    return releaseOf(ask, holdId, { is: 'organization', organizationId: place.organizationId }, why);
  });
}

async function submittedTicks(ask: Ask, form: Form): Promise<Answer> {
  const ticks = readTicks(form.metadata, form.state);
  if (ticks === null) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  if (ticks.ticked.length === 0) throw badInput(null, 'Nobody is ticked.', 'Tick who may go.');
  requireWhy(ticks.why);
  return asModal(ask, async () => {
    const { ids, agreed } = await releasable(ask.outside, ask.actor, ticks.holdId, { is: 'all' });
    if (agreed !== ticks.list) throw new Refusal({ is: 'changed-meanwhile', what: `Who is held by ${ticks.holdId}` });
    const chosen = ticks.ticked.flatMap((at) => ids[at] ?? []);
    return releaseOf(ask, ticks.holdId, { is: 'people', ids: chosen }, ticks.why);
  });
}

async function typedRelease(ask: Ask, words: Words): Promise<Answer> {
  const holdId = holdIdIn(words, release);
  const { organization, people, why = '' } = words.options;
  const all = words.objects.some((word) => word.toLowerCase() === 'all');
  if (!all && organization === undefined && people === undefined) return openAll(ask, holdId);
  await holdById(ask.outside, ask.actor, holdId);
  requireWhy(why);
  return {
    is: 'message',
    message: note(`Asking Slack who may release ${holdId}…`),
    later: async () => {
      const chosen: Chosen = all
        ? { is: 'all' }
        : people === undefined
          ? { is: 'organization', organizationId: await placeNamed(ask, holdId, organization ?? '') }
          : { is: 'people', ids: people.split(',').map((id) => id.trim()) };
      return asMessage(ask, await releaseOf(ask, holdId, chosen, why));
    },
  };
}

/** An organization by its name or id; `left` is who left the directory. */
async function placeNamed(ask: Ask, holdId: string, typed: string): Promise<string | null> {
  const { hold } = await holdById(ask.outside, ask.actor, holdId);
  const organizations = await tree(ask.outside);
  const wanted = fold(typed.trim());
  if (wanted === 'left') return null;
  const found = [...organizations.values()].filter(({ id, name }) => id === typed.trim() || fold(name) === wanted);
  const [organization] = found;
  if (organization === undefined) {
    const near = hold.places.map(({ organizationId }) => (organizationId === null ? 'left' : (organizations.get(organizationId)?.name ?? organizationId)));
    throw new Refusal({ is: 'not-found', what: 'organization', typed, near: near.slice(0, 5) });
  }
  if (found.length > 1) throw new Refusal({ is: 'ambiguous', what: 'organization', typed, choices: found.slice(0, 10).map(({ id }) => id) });
  return organization.id;
}

async function releaseOf(ask: Ask, holdId: string, chosen: Chosen, why: string): Promise<Release> {
  const { agreed } = await releasable(ask.outside, ask.actor, holdId, chosen);
  return { is: 'hold', holdId, chosen, agreed, why };
}

function requireWhy(why: string): void {
  if (why.trim() === '') throw badInput('why', 'Releasing takes a reason.', 'Say why they may go.');
}

function asModal(ask: Ask, wanted: () => Promise<Release>): Answer {
  return {
    is: 'modal',
    view: loading('Release', 'Asking Slack who may release it…'),
    later: async () => {
      const outcome = await submitted(ask, await wanted());
      return outcome.is === 'waits' ? askedModal(outcome.shown) : releasedModal(outcome.told, outcome.connectorId);
    },
  };
}

async function asMessage(ask: Ask, wanted: Release): Promise<Message> {
  const outcome = await submitted(ask, wanted);
  return outcome.is === 'waits' ? askedMessage(outcome.shown) : releasedMessage(outcome.told, outcome.connectorId);
}

type Outcome = { readonly is: 'told'; readonly told: string; readonly connectorId: string | null } | { readonly is: 'waits'; readonly shown: ApprovalModel };

/** Submits a release; where the asker was the second person it is done by then. */
export async function submitted(ask: Ask, wanted: Release): Promise<Outcome> {
  const outcome = await submit(ask.outside, ask.actor, { is: 'release-fuse', release: wanted }, wanted.why);
  if (outcome.is === 'done') return { is: 'told', told: outcome.told, connectorId: null };
  const { request } = outcome;
  const { state } = request;
  if (state.is === 'done') return { is: 'told', told: state.result, connectorId: request.described.connectorId };
  if (state.is === 'failed') return { is: 'told', told: `Nothing was released. ${state.because}`, connectorId: null };
  return { is: 'waits', shown: await shownRequest(ask.outside, request, true) };
}
