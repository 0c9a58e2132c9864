import { type AttributeRule, MANAGER, type Mapping, SCIM_ATTRIBUTES } from '../../src/domain/connectors/mapping.ts';
import { printRule } from '../../src/domain/connectors/mapping-language.ts';
import { actions, button, context, externalSelect, input, type ModalView, modal, plainInput, section } from '../blocks.ts';
import { bold, code, md } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { readText } from '../state.ts';
import { type Configuring, stepModal } from './configure-modal.ts';

const PAGE = 10;

/** Step 3: the attributes, ten a page, each with its own editor (C10). */
export function attributesModal(of: Configuring, page: number): ModalView {
  const rules = new Map((of.draft.mapping ?? []).map((rule) => [rule.attribute, rule]));
  const shown = pageOf(SCIM_ATTRIBUTES, page, PAGE);
  return stepModal(
    of,
    'attributes',
    'Next',
    [
      ...shown.items.map(({ path, label, required }) => {
        const rule = rules.get(path);
        const excluded = rule === undefined || rule.from.is === 'excluded';
        return section(md`${bold(label)}${required ? ' (required)' : ''} ← ${excluded ? 'left out' : code(printRule(rule.from))}`, {
          accessory: button({ text: 'Edit', action: 'connectors.attribute', value: path, accessibilityLabel: `Edit ${label}` }),
        });
      }),
      shown.pages > 1 && actions(pager('connectors.attributes', shown.page, shown.pages)),
    ],
    shown.page,
  );
}

export interface AttributeEditing {
  readonly connectorId: string;
  readonly connector: string;
  readonly path: string;
  readonly mapping: Mapping;
  readonly page: number;
  /** What the typed expression gives for the chosen person; null before one is chosen. */
  readonly preview: { readonly personId: string; readonly person: string; readonly value: string } | null;
  /** As typed, where it differs from what is saved. */
  readonly typed: string | null;
  /** Directory attributes there are, for the hint. */
  readonly known: readonly string[];
}

/** One attribute's editor, with a preview on a chosen person. */
export function attributeModal(of: AttributeEditing): ModalView {
  const attribute = SCIM_ATTRIBUTES.find(({ path }) => path === of.path);
  const rule: AttributeRule = of.mapping.find(({ attribute: path }) => path === of.path) ?? { attribute: of.path, from: { is: 'excluded' } };
  return modal({
    callbackId: 'connectors.attribute',
    title: 'Attribute',
    submit: 'Keep',
    close: 'Leave',
    metadata: { connectorId: of.connectorId, path: of.path, page: of.page, ...(of.preview === null ? {} : { personId: of.preview.personId }) },
    blocks: [
      section(md`${bold(attribute?.label ?? of.path)} of ${of.connector} · ${code(of.path)}`),
      input('Comes from', plainInput({ action: 'expression', initial: of.typed ?? printRule(rule.from), max: 500, focus: true, dispatchOn: 'enter' }), {
        dispatch: true,
        hint: `An attribute (${of.known.slice(0, 8).join(', ')}), a "text", or a template: lower(email), join(" ", givenName, familyName), default(title, "Teacher"), unique(ascii(lower(userName))). Type excluded to leave it out.`,
      }),
      actions([
        externalSelect({
          action: 'connectors.preview',
          placeholder: 'Preview on a person',
          minQuery: 2,
          initial: of.preview === null ? null : { text: of.preview.person, value: of.preview.personId },
        }),
        button({ text: '‹ All attributes', action: 'connectors.attributes', value: `${of.page}/` }),
      ]),
      of.path === MANAGER &&
        context(
          'Comes out as the manager’s source id, person id or e-mail address. The application is given the id of that person’s account there, once there is one.',
        ),
      of.preview === null
        ? context('Choose a person to see what this gives for them.')
        : section(md`For ${of.preview.person}: ${code(of.preview.value === '' ? 'no value' : of.preview.value)}`),
    ],
  });
}

export function readExpression(state: unknown): string {
  return readText(state, 'expression') ?? '';
}
