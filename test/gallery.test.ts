import { expect, it } from 'vitest';
import { registry } from '../commands/index.ts';
import { validateMessage, validateView } from '../src/sandbox/slack/validator/index.ts';
import { routeOf } from '../views/ids.ts';
import { SIZES } from './gallery.ts';
import { pictures } from './gallery/all.ts';

it.each(pictures.map((picture) => [picture.name, picture] as const))(
  'X4 %s passes Slack’s validator with nothing, as much as it shows, and more, whatever outside text says',
  (_, picture) => {
    for (const size of SIZES) {
      const drawn = picture.render(size);
      expect('type' in drawn ? validateView(drawn) : validateMessage(drawn, 'message'), `${picture.name} at ${size}`).toEqual([]);
      expect(JSON.stringify(drawn), `${picture.name} at ${size} is escaped once`).not.toMatch(/&amp;(?:amp|lt|gt);/);
    }
  },
);

interface Ids {
  readonly actions: Set<string>;
  readonly callbacks: Set<string>;
  readonly searches: Set<string>;
}

/** Every action id, form and external select there is in a payload. An input is silent unless it dispatches. */
function drawnIn(payload: unknown): Ids {
  const ids: Ids = { actions: new Set(), callbacks: new Set(), searches: new Set() };
  collect(payload, false, ids);
  return ids;
}

function collect(value: unknown, silent: boolean, ids: Ids): void {
  if (Array.isArray(value)) for (const item of value) collect(item, silent, ids);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const { type, action_id: action, callback_id: callback, submit, dispatch_action: dispatches } = value as Readonly<Record<string, unknown>>;
  const quiet = type === 'input' ? dispatches !== true : silent;
  if (typeof callback === 'string' && submit !== undefined) ids.callbacks.add(callback);
  if (typeof action === 'string' && !quiet) ids.actions.add(routeOf(action));
  if (typeof action === 'string' && String(type).endsWith('external_select')) ids.searches.add(routeOf(action));
  for (const inner of Object.values(value)) collect(inner, quiet, ids);
}

const drawn = pictures.flatMap((picture) => SIZES.map((size) => drawnIn(picture.render(size))));
const all = (pick: (one: (typeof drawn)[number]) => ReadonlySet<string>): readonly string[] => [...new Set(drawn.flatMap((one) => [...pick(one)]))].sort();
const heard = (pick: (command: (typeof registry)[number]) => Readonly<Record<string, unknown>> | undefined): readonly string[] =>
  [...new Set(registry.flatMap((command) => Object.keys(pick(command) ?? {})))].sort();

it('hears every button, menu and dispatching input that it draws, and draws every one that it hears', () => {
  expect(all(({ actions }) => actions)).toEqual(heard(({ presses }) => presses));
});

it('hears every form that it draws, and draws every one that it hears', () => {
  expect(all(({ callbacks }) => callbacks)).toEqual(heard(({ forms }) => forms));
});

it('answers every search that it draws, and draws every one that it answers', () => {
  expect(all(({ searches }) => searches)).toEqual(heard(({ suggestions }) => suggestions));
});
