import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { ANA, openWorkspace, PROVISIONING, SAM, type Stage, startSocketApp } from './bolt-app.ts';
import { errorOf } from './errors.ts';
import { fieldModal, homeWith } from './views.ts';

/** An app whose command opens this modal. */
async function withModal(view: ModalView, register: (app: App) => void = () => undefined): Promise<Stage> {
  const stage = await openWorkspace();
  await startSocketApp(stage.workspace, (app) => {
    app.command('/usher', async ({ ack, client, command }) => {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view });
    });
    register(app);
  });
  await stage.workspace.as(ANA).say(PROVISIONING, '/usher');
  await stage.workspace.heard('views.open');
  return stage;
}

/** A trigger as a command hands it out. */
async function trigger(stage: Stage): Promise<string> {
  let id = '';
  await startSocketApp(stage.workspace, (app) =>
    app.command('/usher', async ({ ack, command }) => {
      id = command.trigger_id;
      await ack();
    }),
  );
  await stage.workspace.as(ANA).say(PROVISIONING, '/usher');
  return id;
}

describe('triggers', () => {
  it('refuses a trigger that was used', async () => {
    const stage = await openWorkspace();
    const trigger_id = await trigger(stage);
    await stage.client.views.open({ trigger_id, view: fieldModal() });
    expect(await errorOf(stage.client.views.open({ trigger_id, view: fieldModal() }))).toBe('exchanged_trigger_id');
    expect(stage.workspace.failures).toMatchObject([{ is: 'trigger', detail: 'exchanged_trigger_id' }]);
  });

  it('refuses a trigger that is older than three seconds', async () => {
    const stage = await openWorkspace();
    const trigger_id = await trigger(stage);
    stage.clock.advance(3001);
    expect(await errorOf(stage.client.views.open({ trigger_id, view: fieldModal() }))).toBe('expired_trigger_id');
  });

  it('refuses a trigger that was never given out', async () => {
    const { client } = await openWorkspace();
    expect(await errorOf(client.views.open({ trigger_id: '1.2.abc', view: fieldModal() }))).toBe('invalid_trigger_id');
  });

  it('refuses to push with a trigger from outside of a modal', async () => {
    const stage = await openWorkspace();
    const trigger_id = await trigger(stage);
    expect(await errorOf(stage.client.views.push({ trigger_id, view: fieldModal() }))).toBe('invalid_trigger_id');
  });
});

describe('submissions', () => {
  it('closes the modal on an empty ack and hands over what was entered', async () => {
    let submitted: unknown;
    const { workspace } = await withModal(fieldModal({ private_metadata: 'kept' }), (app) =>
      app.view('name_form', async ({ ack, view }) => {
        submitted = { values: view.state.values, metadata: view.private_metadata, root: view.root_view_id === view.id, previous: view.previous_view_id };
        await ack();
      }),
    );
    expect(await workspace.as(ANA).submit({ name: 'Ada' })).toEqual({ ok: true, ack: null });
    expect(submitted).toEqual({ values: { name: { name_input: { type: 'plain_text_input', value: 'Ada' } } }, metadata: 'kept', root: true, previous: null });
    expect(workspace.modal(ANA)).toBeUndefined();
    expect(workspace.failures).toEqual([]);
  });

  it('shows errors under their fields and keeps the modal open', async () => {
    const { workspace } = await withModal(fieldModal(), (app) =>
      app.view('name_form', ({ ack }) => ack({ response_action: 'errors', errors: { name: 'Taken' } })),
    );
    await workspace.as(ANA).submit({ name: 'Ada' });
    expect(workspace.modal(ANA)?.errors).toEqual({ name: 'Taken' });
    expect(workspace.failures).toEqual([]);
  });

  it('records errors that are keyed by an action id', async () => {
    const { workspace } = await withModal(fieldModal(), (app) =>
      app.view('name_form', ({ ack }) => ack({ response_action: 'errors', errors: { name_input: 'Taken' } })),
    );
    expect(await workspace.as(ANA).submit({ name: 'Ada' })).toMatchObject({ ok: false, error: 'bad_ack' });
    expect(workspace.modal(ANA)).toMatchObject({ errors: {}, busy: false });
    expect(workspace.failures).toMatchObject([{ is: 'bad-ack', detail: expect.stringContaining('"name_input"') }]);
  });

  it('redraws the modal on response_action update', async () => {
    const { workspace } = await withModal(fieldModal(), (app) =>
      app.view('name_form', ({ ack }) => ack({ response_action: 'update', view: fieldModal({ title: { type: 'plain_text', text: 'Second step' } }) })),
    );
    const before = workspace.modal(ANA)?.hash;
    await workspace.as(ANA).submit({ name: 'Ada' });
    expect(workspace.modal(ANA)?.view).toMatchObject({ title: { text: 'Second step' } });
    expect(workspace.modal(ANA)?.hash).not.toBe(before);
  });

  it('pushes with response_action push, at most three views deep, and clears them all with clear', async () => {
    let left = 3;
    const { workspace } = await withModal(fieldModal(), (app) =>
      app.view('name_form', async ({ ack }) => {
        left -= 1;
        if (left < -1) await ack({ response_action: 'clear' });
        else await ack({ response_action: 'push', view: fieldModal() });
      }),
    );
    const ana = workspace.as(ANA);
    await ana.submit({ name: 'one' });
    await ana.submit({ name: 'two' });
    expect(workspace.state(ANA)?.modals).toHaveLength(3);
    expect(await ana.submit({ name: 'three' })).toMatchObject({ ok: false });
    expect(workspace.failures).toMatchObject([
      { is: 'view-stack', detail: 'push_limit_reached' },
      { is: 'bad-ack', detail: 'push_limit_reached' },
    ]);
    left = -1;
    await ana.submit({ name: 'four' });
    expect(workspace.state(ANA)?.modals).toEqual([]);
  });

  it('records an acked view that Slack would refuse, with the pointer', async () => {
    const { workspace } = await withModal(fieldModal(), (app) =>
      app.view('name_form', ({ ack }) => ack({ response_action: 'update', view: fieldModal({ title: { type: 'plain_text', text: 'x'.repeat(25) } }) })),
    );
    await workspace.as(ANA).submit({ name: 'Ada' });
    expect(workspace.failures.map((failure) => failure.detail)).toContain('must be less than 25 characters [json-pointer:/view/title/text]');
    expect(workspace.modal(ANA)?.view).toMatchObject({ title: { text: 'Name it' } });
  });

  it('keeps an incomplete form from the app, as the client does', async () => {
    const { workspace } = await withModal(fieldModal());
    expect(await workspace.as(ANA).submit()).toEqual({ ok: false, error: 'client_validation', errors: { name: 'Please complete this required field.' } });
    expect(workspace.failures).toEqual([]);
  });

  it('leaves the modal open when the app does not answer', async () => {
    const stage = await withModal(fieldModal(), (app) => app.view('name_form', async () => undefined));
    const submitted = stage.workspace.as(ANA).submit({ name: 'Ada' });
    await stage.workspace.until((world) => world.modal(ANA)?.busy);
    stage.clock.advance(3000);
    expect(await submitted).toEqual({ ok: false, error: 'operation_timeout' });
    expect(stage.workspace.modal(ANA)?.busy).toBe(false);
  });
});

describe('closing', () => {
  it('tells the app only when notify_on_close was set', async () => {
    const closed: unknown[] = [];
    const register = (app: App): void => {
      app.view({ callback_id: 'name_form', type: 'view_closed' }, async ({ ack, body }) => {
        closed.push('is_cleared' in body ? body.is_cleared : 'missing');
        await ack();
      });
    };
    const quiet = await withModal(fieldModal(), register);
    await quiet.workspace.as(ANA).dismiss();
    expect(closed).toEqual([]);
    const loud = await withModal(fieldModal({ notify_on_close: true }), register);
    await loud.workspace.as(ANA).dismiss();
    expect(closed).toEqual([false]);
    expect(loud.workspace.modal(ANA)).toBeUndefined();
    expect([...quiet.workspace.failures, ...loud.workspace.failures]).toEqual([]);
  });

  it('says is_cleared to every view of a stack that is dismissed as a whole', async () => {
    const closed: unknown[] = [];
    const { workspace } = await withModal(fieldModal({ notify_on_close: true }), (app) => {
      app.view('name_form', ({ ack }) => ack({ response_action: 'push', view: fieldModal({ notify_on_close: true }) }));
      app.view({ callback_id: 'name_form', type: 'view_closed' }, async ({ ack, body }) => {
        closed.push('is_cleared' in body ? body.is_cleared : 'missing');
        await ack();
      });
    });
    await workspace.as(ANA).submit({ name: 'Ada' });
    await workspace.as(ANA).dismiss(true);
    expect(closed).toEqual([true, true]);
  });
});

describe('views.update', () => {
  it('keeps what was entered where block id and action id are unchanged, and only there', async () => {
    const dispatching: ModalView = {
      ...fieldModal(),
      blocks: [
        ...fieldModal().blocks,
        {
          type: 'input',
          block_id: 'kind',
          dispatch_action: true,
          label: { type: 'plain_text', text: 'Kind' },
          element: { type: 'plain_text_input', action_id: 'kind_input' },
        },
      ],
    };
    const { workspace, client } = await withModal(dispatching, (app) => app.action('kind_input', ({ ack }) => ack()));
    await workspace.act({
      as: ANA,
      container: { is: 'modal', viewId: workspace.modal(ANA)?.id ?? '' },
      blockId: 'kind',
      actionId: 'kind_input',
      action: { value: 'school' },
      values: { name: { name_input: { type: 'plain_text_input', value: 'Ada' } } },
    });
    const view_id = workspace.modal(ANA)?.id ?? '';
    const kept = await client.views.update({ view_id, view: fieldModal() });
    expect(kept.view?.state).toEqual({ values: { name: { name_input: { type: 'plain_text_input', value: 'Ada' } } } });
    const renamed = await client.views.update({ view_id, view: fieldModal({}, { blockId: 'another' }) });
    expect(renamed.view?.state).toEqual({ values: { another: { name_input: { type: 'plain_text_input', value: null } } } });
  });

  it('refuses a stale hash and accepts the present one', async () => {
    const { workspace, client } = await withModal(fieldModal());
    const { id: view_id = '', hash = '' } = workspace.modal(ANA) ?? {};
    await client.views.update({ view_id, hash, view: fieldModal() });
    expect(await errorOf(client.views.update({ view_id, hash, view: fieldModal() }))).toBe('hash_conflict');
  });

  it('finds a view by external_id, refuses the same one twice and what is closed', async () => {
    const { workspace, client } = await withModal(fieldModal({ external_id: 'mine' }));
    expect((await client.views.update({ external_id: 'mine', view: fieldModal({ external_id: 'mine' }) })).ok).toBe(true);
    await workspace.as(SAM).home();
    expect(await errorOf(client.views.publish({ user_id: SAM, view: { ...homeWith('Hi'), external_id: 'mine' } }))).toBe('duplicate_external_id');
    await workspace.as(ANA).dismiss();
    expect(await errorOf(client.views.update({ external_id: 'mine', view: fieldModal() }))).toBe('not_found');
  });

  it('refuses what the validator finds, in the shape of Slack', async () => {
    const { workspace, client } = await withModal(fieldModal());
    const call = client.views.update({ view_id: workspace.modal(ANA)?.id ?? '', view: fieldModal({ title: { type: 'plain_text', text: 'x'.repeat(25) } }) });
    await expect(call).rejects.toMatchObject({
      data: { error: 'invalid_arguments', response_metadata: { messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'] } },
    });
    expect(workspace.failures).toMatchObject([{ is: 'bad-payload', where: 'views.update' }]);
  });

  it('refuses a view of more than 250 KB', async () => {
    const { workspace, client } = await withModal(fieldModal());
    const section = { type: 'section', text: { type: 'plain_text', text: '\u{1F600}'.repeat(1400) } } as const;
    const view = { ...fieldModal(), blocks: Array.from({ length: 60 }, () => section) };
    expect(await errorOf(client.views.update({ view_id: workspace.modal(ANA)?.id ?? '', view }))).toBe('view_too_large');
  });
});

describe('actions in a modal', () => {
  const button: ModalView = {
    type: 'modal',
    title: { type: 'plain_text', text: 'Push' },
    blocks: [
      { type: 'actions', block_id: 'row', elements: [{ type: 'button', action_id: 'deeper', text: { type: 'plain_text', text: 'Deeper' }, value: '1' }] },
    ],
  };

  it('carry view, container, trigger and state, and can push three deep and no more', async () => {
    const errors: unknown[] = [];
    const bodies: unknown[] = [];
    const { workspace } = await withModal(button, (app) =>
      app.action('deeper', async ({ ack, body, client }) => {
        await ack();
        bodies.push(body);
        if ('trigger_id' in body) await errorOf(client.views.push({ trigger_id: body.trigger_id, view: button }));
      }),
    );
    for (let depth = 1; depth <= 3; depth += 1) {
      await workspace.as(ANA).press('deeper');
      errors.push((await workspace.heard('views.push')).answer.error);
    }
    expect(errors).toEqual([undefined, undefined, 'push_limit_reached']);
    expect(bodies[1]).toMatchObject({
      type: 'block_actions',
      user: { id: ANA },
      container: { type: 'view' },
      view: { previous_view_id: expect.stringMatching(/^V/), state: { values: {} }, hash: expect.any(String) },
      actions: [{ type: 'button', action_id: 'deeper', block_id: 'row', value: '1' }],
    });
  });

  it('of an input are silent unless it asks for dispatch_action', async () => {
    const { workspace } = await withModal(fieldModal());
    expect(await workspace.as(ANA).press('name_input', 'Ada')).toEqual({ ok: true, ack: null });
    expect(workspace.failures).toEqual([]);
  });
});

describe('suggestions', () => {
  const select = (least?: number): ModalView =>
    fieldModal({
      blocks: [
        {
          type: 'input',
          block_id: 'pick',
          label: { type: 'plain_text', text: 'Role' },
          element: { type: 'external_select', action_id: 'role', ...(least === undefined ? {} : { min_query_length: least }) },
        },
      ],
    });
  const option = (text: string) => ({ text: { type: 'plain_text' as const, text }, value: text });

  it('come from the app, for what is typed', async () => {
    const { workspace } = await withModal(select(), (app) => app.options('role', ({ ack, payload }) => ack({ options: [option(`${payload.value}ers`)] })));
    expect(await workspace.as(ANA).suggest('role', 'teach')).toEqual({ ok: true, options: [option('teachers')] });
    expect(await workspace.as(ANA).suggest('role', 'te')).toEqual({ ok: true, options: [] });
    expect(workspace.failures).toEqual([]);
  });

  it('of more than a hundred options are recorded as a bad ack', async () => {
    const { workspace } = await withModal(select(0), (app) =>
      app.options('role', ({ ack }) => ack({ options: Array.from({ length: 101 }, (_, index) => option(String(index))) })),
    );
    expect(await workspace.as(ANA).suggest('role', '')).toEqual({ ok: false, error: 'bad_ack' });
    expect(workspace.failures).toMatchObject([{ is: 'bad-ack' }]);
  });
});
