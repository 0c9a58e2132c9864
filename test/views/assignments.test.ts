import { describe, expect, it } from 'vitest';
import type { Estimate } from '../../src/domain/assignments/verbs/estimate.ts';
import type { UnassignPreview } from '../../src/domain/assignments/verbs/unassign-preview.ts';
import { validateMessage, validateView } from '../../src/sandbox/slack/validator/index.ts';
import { assignModal, readAssign } from '../../views/assignments/assign-modal.ts';
import { type AssignmentDone, assignedMessage, assignedModal } from '../../views/assignments/assigned.ts';
import { historyModal, readCursor } from '../../views/assignments/history-modal.ts';
import { assignmentsModal } from '../../views/assignments/list-modal.ts';
import { readUnassign, unassignModal } from '../../views/assignments/unassign-modal.ts';
import type { Message, ModalView } from '../../views/blocks.ts';
import { readMetadata } from '../../views/state.ts';
import { SIZES } from '../gallery.ts';
import { anEstimate, assignmentsGallery, done, unassigning } from '../gallery/assignments.ts';
import { aConnector } from '../gallery/connectors.ts';

const CONNECTOR = { ...aConnector('none', 1), name: 'Zoom' };

/** Everything a reader sees, in order. */
function seen(view: ModalView | Message): string {
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'text' && typeof inner === 'string') found.push(inner);
      else walk(inner);
    }
  };
  walk('type' in view ? [view.title, view.submit, view.blocks] : view.blocks);
  return found.join('\n');
}

function assigning(estimate: Partial<Estimate>): string {
  const numbers = { are: 'known', estimate: { ...anEstimate('none'), ...estimate }, ahead: null } as const;
  return seen(assignModal({ connector: CONNECTOR, organization: null, chosen: [], numbers }));
}

const waiting = (create: number): Pick<Estimate, 'nextRun'> => {
  const { nextRun } = anEstimate('none');
  return { nextRun: { ...nextRun, counts: { ...nextRun.counts, create } } };
};

it.each(assignmentsGallery.map((picture) => [picture.name, picture] as const))('X4 %s passes Slack’s validator at every size', (_, picture) => {
  for (const size of SIZES) {
    const drawn = picture.render(size);
    expect('type' in drawn ? validateView(drawn) : validateMessage(drawn, 'message'), size).toEqual([]);
  }
});

describe('the assign form', () => {
  it('A1 reads people, already covered, new accounts, and seats left', () => {
    const text = assigning({ people: 430, assigned: 90, holding: 6, create: 334, listed: true, seatsLeft: 70, ...waiting(334) });
    expect(text).toContain('*430 people* · 96 already covered · *334 new accounts* · seats left if everyone activates: 70');
    expect(text).not.toContain('earlier assignments');
  });

  it('A1 says how many seats are short', () => {
    expect(assigning({ people: 1, create: 1, listed: true, seatsLeft: -20 })).toContain('*20 seats short if everyone activates*');
  });

  it('A1 reads “to create or adopt” before the target was listed', () => {
    expect(assigning({ people: 7, create: 5, adopt: 2, listed: false })).toContain('*7 accounts to create or adopt*');
    expect(assigning({ people: 7, create: 5, adopt: 2, listed: true })).toContain('*5 new accounts* · 2 accounts to adopt');
  });

  it('A1 tells what the next run makes in all where earlier assignments wait', () => {
    expect(assigning({ people: 4, create: 4, listed: true, ...waiting(6) })).toContain(
      '2 more accounts wait from earlier assignments: the next run makes 6 in all.',
    );
  });

  it('reads back what was chosen and typed', () => {
    const state = {
      organization: { 'assign.organization': { type: 'external_select', selected_option: { value: 'd:1' } } },
      groupings: { 'assign.groupings': { type: 'multi_external_select', selected_options: [{ value: 'g1' }, { value: 'g2' }] } },
      why: { why: { type: 'plain_text_input', value: ' new year ' } },
    };
    expect(readAssign(state)).toEqual({ organization: 'd:1', groupings: ['g1', 'g2'], why: 'new year' });
    expect(readAssign(null)).toEqual({ organization: null, groupings: [], why: null });
  });

  it('A1 keeps its inputs by name while the numbers change, so that Slack keeps what was chosen', () => {
    const of = { connector: CONNECTOR, organization: null, chosen: [] };
    const inputs = (view: ModalView) => view.blocks.flatMap((block) => ('element' in block ? [[block.block_id, block.element.action_id]] : []));
    const counting = inputs(assignModal({ ...of, numbers: { are: 'counting' } }));
    expect(inputs(assignModal({ ...of, numbers: { are: 'known', estimate: anEstimate('more'), ahead: null } }))).toEqual(counting);
    expect(counting).toEqual([
      ['organization', 'assign.organization'],
      ['groupings', 'assign.groupings'],
      ['why', 'why'],
    ]);
  });
});

describe('after assigning', () => {
  const buttons = (drawn: Message | ModalView): readonly string[] =>
    drawn.blocks.flatMap((block) =>
      block.type === 'actions' && 'elements' in block ? block.elements.flatMap((one) => ('action_id' in one ? [one.action_id ?? ''] : [])) : [],
    );
  const at = (index: number, changes: Partial<AssignmentDone> = {}): AssignmentDone => ({ ...done('none', index), ...changes });

  it('A2 says that it takes effect at the next run, and offers Run now', () => {
    expect(assignedMessage(at(1)).text).toBe('Zoom is assigned to Teachers (North High). It takes effect at the next run, when somebody asks for one.');
    expect(buttons(assignedModal(at(1)))[0]).toBe('sync.now');
    expect(seen(assignedModal(at(1, { nextRun: Date.UTC(2026, 10, 22) })))).toContain('It takes effect at the next run, <!date^');
  });

  it('A2 C12 offers Enable in its place where the connector is disabled', () => {
    expect(buttons(assignedModal(at(2, { mayEnable: true })))[0]).toBe('connectors.enable');
    // Who assigns a part of it may not (X1).
    expect(buttons(assignedModal(at(2, { mayEnable: false })))).not.toContain('connectors.enable');
    expect(seen(assignedModal(at(2)))).toContain('no run starts until it is enabled');
  });

  it('A1 tells what was assigned before', () => {
    const { groupings } = at(1);
    expect(seen(assignedModal(at(1, { already: groupings })))).toContain('Assigned before, so nothing was done: Teachers (North High).');
  });
});

describe('the un-assign dialog', () => {
  const preview: UnassignPreview = { ...unassigning('none'), connector: CONNECTOR, losing: ['a', 'b'], staying: 316, without: 0 };
  const drawn = (changes: Partial<UnassignPreview> = {}, changed = false) =>
    unassignModal({ preview: { ...preview, ...changes }, page: 1, names: ['Lee', 'Mia'], changed, ahead: null });

  it('A3 shows the number and the list first, and puts the number on the button', () => {
    const text = seen(drawn());
    expect(text).toContain('*2 people lose their account*: no other assignment covers them.\nLee, Mia');
    expect(text).toContain('316 people stay');
    expect(drawn().submit?.text).toBe('Un-assign 2 people');
    expect(drawn({ losing: Array.from({ length: 100_000 }, (_, index) => `p${index}`) }).submit?.text).toBe('Un-assign 100,000 people');
    expect(drawn({ losing: [] }).submit?.text).toBe('Un-assign');
    expect(seen(drawn({ losing: [] }))).toContain('Nobody loses an account.');
  });

  it('A3 says how many more there are than the page shows', () => {
    expect(seen(drawn({ losing: Array.from({ length: 100 }, (_, index) => `p${index}`) }))).toContain('1 to 40 of 100, and 60 more');
  });

  it('A3 says that the list has changed, and that nothing was done', () => {
    expect(seen(drawn({}, true))).toContain('*The list has changed since you saw it.* Nothing was un-assigned.');
    expect(seen(drawn())).not.toContain('has changed');
  });

  it('A3 carries which assignment and exactly which people were shown', () => {
    expect(readMetadata(drawn().private_metadata)).toEqual({ assignmentId: preview.assignment.id, agreed: preview.agreed });
    expect(readUnassign({ why: { why: { value: 'x' } } })).toEqual({ why: 'x' });
  });

  it('A3 S10 says what happens to the accounts: deactivated, or deleted later', () => {
    expect(seen(drawn())).toContain('2 accounts deactivated at the next run. The fuse lets exactly these pass.');
    const draft = { ...CONNECTOR.draft, leavers: { are: 'deleted', afterDays: 30 } } as const;
    expect(seen(drawn({ connector: { ...CONNECTOR, draft } }))).toContain('deactivated at the next run, and deleted 30 days later');
  });
});

describe('the list of assignments', () => {
  it('C3 says that a part administrator sees that part, and nothing where it is all', () => {
    const total = { have: 412, of: 430 };
    const drawn = (whole: boolean): string =>
      seen(
        assignmentsModal({
          row: { connector: CONNECTOR, whole, total, parts: [] },
          page: 1,
          mayEnd: () => false,
          mayAssign: true,
          timeZone: 'UTC',
          names: (id) => id,
        }),
      );
    expect(drawn(true)).toContain('*Zoom* · 0 assignments · 412 of 430 people have an account');
    expect(drawn(false)).toContain('*Zoom* · 0 assignments in your part · 412 of 430');
  });
});

describe('the history', () => {
  it('A4 carries where the next page begins, and reads only that', () => {
    const view = historyModal({
      ...{ connector: CONNECTOR, entries: [], filter: { personId: null, outcome: 'all', kind: 'all' }, person: null },
      ...{ next: { audit: 12, event: 3456 }, first: true, timeZone: 'UTC', names: (id: string) => id },
    });
    expect(JSON.stringify(view)).toContain('"value":"12/3456"');
    expect(readCursor('12/3456')).toEqual({ audit: 12, event: 3456 });
    for (const tampered of [null, '', '12', '-1/2', '1/2/3', '1e9/2', `${'9'.repeat(30)}/1`]) expect(readCursor(tampered)).toBeNull();
  });
});
