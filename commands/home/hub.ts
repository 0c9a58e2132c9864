import { z } from 'zod';
import { summary } from '../../src/domain/home/verbs/summary.ts';
import type { HomeView } from '../../views/blocks.ts';
import { homeTab } from '../../views/home/home-tab.ts';
import { hubMessage } from '../../views/home/hub-message.ts';
import { needsMessage } from '../../views/home/needs-message.ts';
import { readPager } from '../../views/paging.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';

/** `/usher` alone: a button for every job. */
export async function hub(ask: Ask): Promise<Answer> {
  return { is: 'message', message: hubMessage(await summary(ask.outside, ask.actor), ask.outside.settings.name) };
}

const state = z.object({ page: z.number().int().min(1) }).catch({ page: 1 });

/** The Home tab of the person who asks, at the page it was on or the one that was pressed. */
export async function drawHome(ask: Ask, press: Press | null): Promise<HomeView> {
  const page = press?.route === 'home.page' ? readPager(press.value ?? undefined).page : state.parse(press?.view?.metadata ?? null).page;
  return homeTab(await summary(ask.outside, ask.actor), { page }, ask.outside.settings.name);
}

/** The hub's and the Home tab's own buttons. */
export const homeCommands: Command = {
  typed: [
    { topic: 'home', verb: '', usage: 'home', summary: 'The hub: a button for every job', run: hub },
    { topic: 'home', verb: 'needs', usage: 'home needs', summary: 'What waits for you', run: showNeeds },
  ],
  presses: {
    'home.needs': showNeeds,
    'home.show': async () => ({ is: 'home' }),
    'home.page': async () => ({ is: 'home' }),
  },
};

async function showNeeds(ask: Ask): Promise<Answer> {
  return { is: 'message', message: needsMessage(await summary(ask.outside, ask.actor)) };
}
