import { z } from 'zod';
import { checkExternalId, openRoot, publish, pushView, replaceView, viewBy, viewJson } from '../open-views.ts';
import { checkView } from '../payload-checks.ts';
import { Refused } from '../refused.ts';
import { dict, embedded, type Family, method } from './method.ts';

const view = embedded(dict);

const open = method('views.open', z.object({ trigger_id: z.string().min(1), view }), (args, parts) => {
  checkView(parts, 'views.open', args.view, 'modal');
  checkExternalId(parts, args.view, null);
  const trigger = parts.triggers.use(args.trigger_id, 'views.open');
  return { view: viewJson(parts, openRoot(parts, trigger.userId, args.view)) };
});

const push = method('views.push', z.object({ trigger_id: z.string().min(1), view }), (args, parts) => {
  checkView(parts, 'views.push', args.view, 'modal');
  checkExternalId(parts, args.view, null);
  const trigger = parts.triggers.use(args.trigger_id, 'views.push');
  if (trigger.viewId === null) {
    parts.failures.record('trigger', 'views.push', 'the trigger is not from inside a modal');
    throw new Refused('invalid_trigger_id');
  }
  return { view: viewJson(parts, pushView(parts, trigger.userId, args.view, 'views.push')) };
});

const update = method(
  'views.update',
  z.object({ view_id: z.string().min(1).optional(), external_id: z.string().min(1).optional(), hash: z.string().min(1).optional(), view }),
  (args, parts) => {
    if (args.view_id === undefined && args.external_id === undefined)
      throw new Refused('invalid_arguments', { response_metadata: { messages: ['[ERROR] view_id or external_id is required'] } });
    const old = viewBy(parts, args.view_id, args.external_id);
    checkView(parts, 'views.update', args.view, old.view.type === 'home' ? 'home' : 'modal');
    if (args.hash !== undefined && args.hash !== old.hash) throw new Refused('hash_conflict');
    checkExternalId(parts, args.view, old);
    replaceView(parts, old, args.view);
    return { view: viewJson(parts, old) };
  },
);

const toHome = method('views.publish', z.object({ user_id: z.string().min(1), hash: z.string().min(1).optional(), view }), (args, parts) => {
  if (!parts.settings.homeTab) throw new Refused('not_enabled');
  const member = parts.state.people.get(args.user_id);
  if (member === undefined || member.deleted || member.bot)
    throw new Refused('invalid_arguments', { response_metadata: { messages: ['[ERROR] user not found [json-pointer:/user_id]'] } });
  checkView(parts, 'views.publish', args.view, 'home');
  const old = parts.state.homes.get(args.user_id);
  if (args.hash !== undefined && args.hash !== old?.hash) throw new Refused('hash_conflict');
  checkExternalId(parts, args.view, old ?? null);
  return { view: viewJson(parts, publish(parts, args.user_id, args.view)) };
});

/** `views.*` */
export const views: Family = { ...open, ...push, ...update, ...toHome };
