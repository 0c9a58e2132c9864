import { type ComponentType, h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { readBlocks } from '../../../src/sandbox/page/blocks/shapes.ts';

/**
 * The page's components have a TypeScript project of their own (JSX, DOM), which this one can't type-check: they are
 * imported by a computed address.
 */
async function component(path: string, name: string): Promise<ComponentType<Record<string, unknown>>> {
  const module = (await import(new URL(`../../../src/sandbox/page/${path}`, import.meta.url).href)) as Record<string, ComponentType<Record<string, unknown>>>;
  const found = module[name];
  if (found === undefined) throw new Error(`${path} has no ${name}`);
  return found;
}

const person = { id: 'U1', name: 'ana', realName: 'Ana Ruiz', timeZone: 'Europe/Madrid', title: '', deleted: false, bot: false };
const workspace = {
  state: { me: person, users: [person], channels: [], app: { name: 'Usher', botUserId: 'UB' } },
  nameOf: (id: string) => (id === 'U1' ? 'Ana Ruiz' : null),
  tell: () => undefined,
};

/** What a browser would first draw for these blocks in a message. */
async function drawn(blocks: readonly object[]): Promise<string> {
  const WorkspaceProvider = await component('state/workspace.tsx', 'WorkspaceProvider');
  const Blocks = await component('blocks/blocks.tsx', 'Blocks');
  const message = h(Blocks, { container: { is: 'message', channelId: 'C1', ts: '1.0' }, blocks: readBlocks(blocks), conversation: 'C1' });
  return renderToString(h(WorkspaceProvider, { value: workspace }, message));
}

const plain = (text: string): object => ({ type: 'plain_text', text });
const options = [{ text: plain('Teachers'), value: 't' }];

describe('blocks in the page', () => {
  it('draws text as text: nothing in it becomes HTML', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    const cell = { type: 'raw_text', text: evil };
    const html = await drawn([
      { type: 'section', text: { type: 'mrkdwn', text: evil }, fields: [plain(evil)] },
      { type: 'header', text: plain(evil) },
      { type: 'markdown', text: evil },
      { type: 'table', rows: [[cell], [cell]] },
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: evil }] }] },
    ]);
    expect(html).not.toContain('<img');
    expect(html.match(/&lt;img src=x onerror/g)?.length).toBeGreaterThanOrEqual(6);
  });

  it('draws no link that runs a script, in any block', async () => {
    const url = 'javascript:alert(1)';
    const html = await drawn([
      { type: 'section', text: { type: 'mrkdwn', text: `<${url}|press> <!date^1^{time}^${url}|now>` } },
      { type: 'markdown', text: `[press](${url}) <${url}>` },
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'link', url, text: 'press' }] }] },
      { type: 'image', image_url: 'data:text/html,x', alt_text: 'a picture' },
    ]);
    expect(html).not.toMatch(/(href|src)="(?!https?:|mailto:|tel:)/);
    expect(html).toContain('a picture');
  });

  it('draws a table with its first row as header and its columns aligned', async () => {
    const row = (...texts: readonly string[]): readonly object[] => texts.map((text) => ({ type: 'raw_text', text }));
    const html = await drawn([
      { type: 'table', column_settings: [{ is_wrapped: true }, { align: 'right' }], rows: [row('Connector', 'Accounts'), row('Zoom', '412 of 430')] },
    ]);
    expect(html).toMatch(/<th scope="col" class="align-left wrapped">Connector<\/th>/);
    expect(html).toMatch(/<td class="align-right">412 of 430<\/td>/);
  });

  it('names each control by its label, its placeholder or its own words', async () => {
    const html = await drawn([
      { type: 'input', block_id: 'a', label: plain('Base URL'), optional: true, element: { type: 'url_text_input', action_id: 'u' } },
      { type: 'actions', block_id: 'b', elements: [{ type: 'static_select', action_id: 's', placeholder: plain('Open…'), options }] },
      {
        type: 'section',
        block_id: 'c',
        text: plain('Zoom'),
        accessory: { type: 'button', action_id: 'p', text: plain('Open'), accessibility_label: 'Open Zoom' },
      },
    ]);
    expect(html).toMatch(/<label[^>]*>Base URL<span[^>]*> \(optional\)<\/span><\/label><input[^>]*aria-labelledby/);
    expect(html).toMatch(/<input[^>]*aria-label="Open…"[^>]*role="combobox"/);
    expect(html).toMatch(/<button[^>]*aria-label="Open Zoom"/);
  });

  it('says so where it can not draw a block or an element', async () => {
    const html = await drawn([
      { type: 'video', alt_text: 'x' },
      { type: 'actions', elements: [{ type: 'workflow_button', action_id: 'w' }] },
    ]);
    expect(html).toContain('unsupported block: video');
    expect(html).toContain('unsupported element: workflow_button');
  });

  it('tells dates in the zone of the person who looks', async () => {
    const html = await drawn([
      { type: 'context', elements: [{ type: 'mrkdwn', text: `<!date^${Date.UTC(2026, 10, 22, 12) / 1000}^{date_num} {time}|then>` }] },
    ]);
    expect(html).toContain('2026-11-22 1:00 PM');
  });
});
