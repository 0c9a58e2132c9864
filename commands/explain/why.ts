import { z } from 'zod';
import type { HistoryCursor } from '../../src/domain/assignments/history.ts';
import { connectorNamedAmong, connectorById, connectorNamed, visibleConnectors } from '../../src/domain/connectors/verbs/find.ts';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import { findPerson } from '../../src/domain/directory/verbs/find.ts';
import { why } from '../../src/domain/explain/verbs/why.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import type { ModalView } from '../../views/blocks.ts';
import { readWhy, readWhyCursor, WHY_PAGE, whyModal } from '../../views/explain/why-modal.ts';
import { loading } from '../../views/notice.ts';
import type { Answer, Ask, Command, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const metadata = z.object({ connectorId: z.string(), personId: z.string() });

const typed: Typed = {
  topic: 'why',
  verb: '*',
  right: 'see',
  usage: 'why <person> <connector>|connector=<connector>',
  summary: 'Why someone has an account there, or none, and what led to it',
  run: typedWhy,
};

/** Explains a person × connector (S18). */
export const explainWhy: Command = {
  typed: [typed],
  presses: {
    'why.open': (ask, press) => pressed(ask, readWhy(press.value), null),
    'why.older': (ask, press) => pressed(ask, whomIn(press), readWhyCursor(press.value)),
  },
};

async function typedWhy(ask: Ask, words: Words): Promise<Answer> {
  const { connector, person } = await apart(ask, words);
  return shown(ask, connector, async () => (await findPerson(ask.outside, ask.actor, person)).id, null);
}

/** The last words name the connector, as many as one answers to; those before name the person. */
async function apart(ask: Ask, words: Words): Promise<{ readonly connector: Connector; readonly person: string }> {
  if (words.options.connector !== undefined) {
    if (words.objects.length === 0) throw usage(typed, words);
    return { connector: (await connectorNamed(ask.outside, ask.actor, words.options.connector)).connector, person: named(words) };
  }
  const { objects } = words;
  if (objects.length < 2) throw usage(typed, words);
  const all = await visibleConnectors(ask.outside, ask.actor);
  for (let at = 1; at < objects.length; at += 1) {
    const name = objects.slice(at).join(' ');
    try {
      const { connector } = connectorNamedAmong(all, name);
      return { connector: (await connectorById(ask.outside, ask.actor, connector.id)).connector, person: objects.slice(0, at).join(' ') };
    } catch (refusal) {
      if (!(refusal instanceof Refusal) || refusal.reason.is !== 'not-found' || at === objects.length - 1) throw refusal;
    }
  }
  throw usage(typed, words);
}

async function pressed(ask: Ask, whom: { readonly connectorId: string; readonly personId: string } | null, after: HistoryCursor | null): Promise<Answer> {
  if (whom === null) return { is: 'nothing' };
  const { connector } = await connectorById(ask.outside, ask.actor, whom.connectorId);
  return shown(ask, connector, async () => whom.personId, after);
}

function shown(ask: Ask, connector: Connector, find: () => Promise<string>, after: HistoryCursor | null): Answer {
  return { is: 'modal', view: loading('Why', `Looking at ${connector.name}…`), later: async () => drawn(ask, connector.id, await find(), after) };
}

async function drawn(ask: Ask, connectorId: string, personId: string, after: HistoryCursor | null): Promise<ModalView> {
  const found = await why(ask.outside, ask.actor, { connectorId, personId }, { after, limit: WHY_PAGE });
  const { standing } = found.explanation;
  const granted = 'granted' in standing ? standing.granted : null;
  const ids = [
    ...(granted === null ? [] : [granted.by, ...granted.approvedBy]),
    ...(standing.is === 'offboarded' ? [standing.offboarded.by] : []),
    ...found.timeline.entries.flatMap((entry) => (entry.is === 'event' ? [entry.event.by] : [entry.row.by, ...(entry.row.approval?.approvedBy ?? [])])),
  ];
  const { entries, next } = found.timeline;
  return whyModal({
    ...{ connector: found.connector, personId, name: found.name, explanation: found.explanation, entries, next },
    ...{ first: after === null, timeZone: ask.outside.settings.timeZone, names: await namesOf(ask.outside, ids), nameOf: found.nameOf },
  });
}

/** Of the window's own metadata, which may have been tampered with; rights are checked again. */
function whomIn(press: Press): { readonly connectorId: string; readonly personId: string } | null {
  const parsed = metadata.safeParse(press.view?.metadata);
  return parsed.success ? parsed.data : null;
}
