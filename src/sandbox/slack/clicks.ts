import { blocksOf, type Place, placeJson, placeOf } from './containers.ts';
import type { ControlCalls, ControlValues } from './control.ts';
import { actionJson, elementsIn, overlaid, stateKeyOf, stateValues } from './elements.ts';
import { type Acted, basics, settledFor } from './interactions.ts';
import type { Dict } from './json.ts';
import type { Parts } from './parts.ts';

/** What a click in a message or a view carries for answering: a trigger everywhere, a response URL in messages. */
function handles(parts: Parts, userId: string, place: Place): Dict {
  const trigger = { trigger_id: parts.triggers.mint({ userId, viewId: place.is === 'view' && place.modal ? place.open.id : null }) };
  if (place.is === 'view') return trigger;
  const { channel, message } = place;
  const target = { userId, channelId: channel.id, source: { ts: message.ts, ephemeral: message.ephemeralFor !== null } };
  return { ...trigger, response_url: `${parts.origin}${parts.responseUrls.mint(target)}` };
}

function remember(place: Place, values: ControlValues): ControlValues {
  if (place.is === 'message') return values;
  place.open.values = overlaid(place.open.values, values);
  return place.open.values;
}

/** Presses or changes one element: `block_actions`. An input that does not ask for `dispatch_action` only remembers its answer. */
export async function act(parts: Parts, call: ControlCalls['act']): Promise<Acted> {
  const place = placeOf(parts, call.as, call.container);
  if (typeof place === 'string') return { ok: false, error: place };
  const placed = elementsIn(blocksOf(place)).find((one) => one.blockId === call.blockId && one.actionId === call.actionId);
  if (placed === undefined) return { ok: false, error: 'element_not_found' };
  const action = actionJson(placed, call.action, parts.clock.now());
  if (action === null) return { ok: false, error: 'option_not_offered' };
  const own = stateKeyOf(placed.type) === undefined ? {} : { [call.blockId]: { [call.actionId]: action } };
  const values = remember(place, overlaid(call.values, own));
  if (placed.input && placed.block.dispatch_action !== true) return { ok: true, ack: null };
  const payload = {
    type: 'block_actions',
    ...basics(parts, call.as),
    ...placeJson(parts, place),
    ...(place.is === 'message' ? { state: { values: stateValues(blocksOf(place), values) } } : {}),
    ...handles(parts, call.as, place),
    actions: [action],
  };
  const what = `block_actions ${call.actionId}`;
  return settledFor(parts, call.as, 'The action', await parts.courier.ask('interactive', what, payload));
}
