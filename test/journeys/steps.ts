import type { App } from '../app.ts';
import { PROVISIONING } from '../app.ts';
import type { Person, Workspace } from '../../src/sandbox/slack/workspace.ts';

/** What a person reads in the top modal, as one text. */
export function screen(person: Person): string {
  return JSON.stringify(person.modal()?.view ?? '');
}

/** Waits until the top modal says so. */
export function shows(workspace: Workspace, person: Person, words: string): Promise<unknown> {
  return workspace.until(() => screen(person).includes(words), `a modal that says “${words}”`);
}

/** Waits for a message in the channel that says so, and gives its blocks as one text. */
export function reads(workspace: Workspace, person: Person, channelId: string, words: string): Promise<string> {
  return workspace.until(() => {
    const found = person.messages(channelId).findLast((message) => JSON.stringify([message.text, message.blocks]).includes(words));
    return found === undefined ? undefined : JSON.stringify([found.text, found.blocks]);
  }, `a message that says “${words}”`);
}

/** Creates, configures, rehearses and activates a connector named Zoom, all by hand. */
export async function connectZoom({ ana, workspace, targetUrl }: Pick<App, 'ana' | 'workspace' | 'targetUrl'>): Promise<void> {
  await ana.say(PROVISIONING, '/usher-connectors new');
  await shows(workspace, ana, 'New connector');
  await ana.submit({ name: 'Zoom' });
  await ana.submit({ baseUrl: targetUrl, testEmail: 'usher-test@riverside.example' });
  await ana.submit({});
  await ana.submit({});
  await ana.submit({});
  await ana.submit({ reference: 'env:USHER_SECRET_TARGET' });
  await shows(workspace, ana, 'Every step passed');
  await ana.press('connectors.activate');
  await shows(workspace, ana, 'active, not synced yet');
  await ana.dismiss(true);
}
