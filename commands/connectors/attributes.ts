import { z } from 'zod';
import { draftOf } from '../../src/domain/connectors/settings.ts';
import { saveDraft } from '../../src/domain/connectors/verbs/configure.ts';
import { connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { requireConnector } from '../../src/domain/connectors/verbs/require.ts';
import { type AttributeRule, type Mapping, SCIM_ATTRIBUTES } from '../../src/domain/connectors/mapping.ts';
import { plainValue } from '../../src/domain/connectors/mapping-evaluate.ts';
import { parseRule } from '../../src/domain/connectors/mapping-language.ts';
import { findPeople } from '../../src/domain/directory/verbs/find.ts';
import { fullName, type Person, STANDARD_ATTRIBUTES } from '../../src/domain/directory/person.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { tree } from '../../src/domain/rights/verbs/who.ts';
import type { Choice } from '../../views/blocks.ts';
import { attributeModal, attributesModal, readExpression } from '../../views/connectors/mapping-modal.ts';
import { isValueOf } from '../../views/ids.ts';
import { note } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import type { Answer, Ask, Command, Form, Press, Suggestion, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { rest, type Words } from '../words.ts';
import { openStep } from './configure.ts';

const metadata = z.object({ connectorId: z.string(), path: z.string().optional(), page: z.number().int().min(1).default(1), personId: z.string().optional() });

const typedMapCommand: Typed = {
  topic: 'connectors',
  verb: 'map',
  right: 'administer',
  usage: 'connectors map <connector> <scim-attribute> <expression or excluded>',
  summary: 'Change one attribute in the draft',
  run: typedMap,
};

/** The attribute mapping: a paged list, one attribute's editor at a time, a preview on a chosen person (C10). */
export const connectorAttributes: Command = {
  typed: [
    {
      topic: 'connectors',
      verb: 'mapping',
      right: 'administer',
      usage: 'connectors mapping <connector>',
      summary: 'Which directory attribute goes where',
      run: typedMapping,
    },
    typedMapCommand,
  ],
  presses: { 'connectors.attributes': page, 'connectors.attribute': edit, 'connectors.preview': preview, expression: preview },
  forms: { 'connectors.attribute': keep },
  suggestions: { 'connectors.preview': people },
};

async function typedMapping(ask: Ask, words: Words): Promise<Answer> {
  const { connector } = await connectorNamed(ask.outside, ask.actor, words.objects.join(' '));
  return openStep(ask, connector.id, 'attributes');
}

async function typedMap(ask: Ask, words: Words): Promise<Answer> {
  const [name = '', attribute = ''] = words.objects;
  if (words.objects.length < 3) throw usage(typedMapCommand, words);
  const { connector } = await connectorNamed(ask.outside, ask.actor, name);
  // The expression is taken as it was typed: quotes are part of its language.
  const expression = rest(words, 2);
  await changeRule(ask, connector.id, attribute, expression, null);
  return {
    is: 'message',
    message: note(
      `${attribute} of ${connector.name} is changed in the draft.`,
      `Rehearse it to put it in force: /${ask.outside.settings.name} connectors rehearse ${connector.name}`,
    ),
  };
}

async function page(ask: Ask, press: Press): Promise<Answer> {
  return { is: 'modal', view: await listView(ask, metadataOf(press.view?.metadata).connectorId, readPager(press.value ?? undefined).page) };
}

async function listView(ask: Ask, connectorId: string, at: number): Promise<ReturnType<typeof attributesModal>> {
  const { connector } = await requireConnector(ask.outside, ask.actor, connectorId, 'administer', 'configure');
  return attributesModal({ connector, draft: draftOf(connector), instance: null, timeZone: ask.outside.settings.timeZone }, at);
}

async function edit(ask: Ask, press: Press): Promise<Answer> {
  const { connectorId, page: at } = metadataOf(press.view?.metadata);
  return editor(ask, { connectorId, path: press.value ?? '', page: at, personId: null, typed: null });
}

async function preview(ask: Ask, press: Press): Promise<Answer> {
  const { connectorId, path = '', page: at, personId } = metadataOf(press.view?.metadata);
  const chosen = press.route === 'connectors.preview' ? press.value : (personId ?? null);
  return editor(ask, { connectorId, path, page: at, personId: chosen, typed: readExpression(press.view?.state) });
}

interface Editing {
  readonly connectorId: string;
  readonly path: string;
  readonly page: number;
  readonly personId: string | null;
  readonly typed: string | null;
}

async function editor(ask: Ask, of: Editing): Promise<Answer> {
  if (!SCIM_ATTRIBUTES.some(({ path }) => path === of.path)) throw unknownAttribute(of.path, null);
  const { connector } = await requireConnector(ask.outside, ask.actor, of.connectorId, 'administer', 'configure');
  const mapping = draftOf(connector).mapping ?? [];
  const person = of.personId === null ? null : await personChosen(ask, of.personId);
  return {
    is: 'modal',
    view: attributeModal({
      connectorId: connector.id,
      connector: connector.name,
      path: of.path,
      mapping,
      page: of.page,
      typed: of.typed,
      known: STANDARD_ATTRIBUTES,
      preview: person === null ? null : { personId: person.id, person: fullName(person), value: await valueFor(ask, person, of.path, of.typed, mapping) },
    }),
  };
}

/** What the typed expression gives for a person, or what is wrong with it. */
async function valueFor(ask: Ask, person: Person, path: string, typed: string | null, mapping: Mapping): Promise<string> {
  const parsed = typed === null ? null : parseRule(typed);
  if (parsed?.is === 'problem') return `${parsed.problem} ${parsed.remedy}`;
  const rule: AttributeRule | undefined = parsed === null ? mapping.find(({ attribute }) => attribute === path) : { attribute: path, from: parsed.from };
  if (rule?.from.is === 'excluded') return 'left out';
  const organization = (await tree(ask.outside)).get(person.organizationId);
  return (
    plainValue(rule, person, organization?.name) ??
    (JSON.stringify(rule?.from ?? '').includes('"unique"') ? 'made when the person is first synced, and kept for ever' : '')
  );
}

async function people(ask: Ask, suggestion: Suggestion): Promise<readonly Choice[]> {
  const found = await findPeople(ask.outside, ask.actor, suggestion.typed, { limit: 20 });
  return found.people.map((person) => ({ text: fullName(person), value: person.id, description: person.attributes.email ?? person.sourceId }));
}

/** A person's id from an option, where the actor may see them; null for anybody else. */
async function personChosen(ask: Ask, value: string): Promise<Person | null> {
  const direct = (await ask.outside.store.get('person', value))?.value;
  if (direct === undefined || !isValueOf(value, direct.id)) return null;
  const visible = await findPeople(ask.outside, ask.actor, direct.sourceId, { limit: 50 });
  return visible.people.find(({ id }) => id === direct.id) ?? null;
}

async function keep(ask: Ask, form: Form): Promise<Answer> {
  const { connectorId, path = '', page: at } = metadataOf(form.metadata);
  await changeRule(ask, connectorId, path, readExpression(form.state), 'expression');
  return { is: 'modal', view: await listView(ask, connectorId, at) };
}

async function changeRule(ask: Ask, connectorId: string, path: string, typed: string, field: string | null): Promise<void> {
  const attribute = SCIM_ATTRIBUTES.find((one) => one.path === path || one.path.endsWith(`:${path}`));
  if (attribute === undefined) throw unknownAttribute(path, field);
  const parsed = parseRule(typed);
  if (parsed.is === 'problem') throw badInput(field, `At character ${parsed.at}: ${parsed.problem}`, parsed.remedy);
  if (parsed.from.is === 'excluded' && attribute.required) throw badInput(field, `${attribute.label} can’t be left out.`, 'Map it from a directory attribute.');
  const { connector } = await requireConnector(ask.outside, ask.actor, connectorId, 'administer', 'configure');
  const before = draftOf(connector).mapping ?? [];
  const rules = new Map(before.map((rule) => [rule.attribute, rule]));
  rules.set(attribute.path, { attribute: attribute.path, from: parsed.from });
  await saveDraft(ask.outside, ask.actor, connectorId, { mapping: SCIM_ATTRIBUTES.flatMap(({ path: one }) => rules.get(one) ?? []) });
}

function unknownAttribute(path: string, field: string | null): Refusal {
  const some = SCIM_ATTRIBUTES.slice(0, 6).map((one) => one.path);
  return badInput(field, `Usher doesn’t know the attribute “${path}”.`, `It knows ${some.join(', ')} and more: see connectors mapping.`);
}

function metadataOf(from: unknown): z.infer<typeof metadata> {
  const read = metadata.safeParse(from);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  return read.data;
}
