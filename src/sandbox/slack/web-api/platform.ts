import { z } from 'zod';
import { Refused } from '../refused.ts';
import { type Family, method } from './method.ts';

const apiTest = method('api.test', z.looseObject({ error: z.string().optional() }), (args) => {
  if (args.error !== undefined) throw new Refused(args.error, { args });
  return { args };
});

const authTest = method('auth.test', z.object({}), (_args, parts) => {
  const { team, app } = parts.state;
  return {
    url: `${parts.origin}/`,
    team: team.name,
    user: app.name.toLowerCase(),
    team_id: team.id,
    user_id: app.botUserId,
    bot_id: app.botId,
    is_enterprise_install: false,
  };
});

const openConnection = method('apps.connections.open', z.object({}), (_args, parts) => {
  if (parts.settings.delivery.is !== 'socket') throw new Refused('not_allowed_token_type');
  return { url: `${parts.origin.replace(/^http/, 'ws')}${parts.sockets.mintPath()}` };
});

const botInfo = method('bots.info', z.object({ bot: z.string().optional() }), (args, parts) => {
  const { app } = parts.state;
  if (args.bot !== undefined && args.bot !== app.botId) throw new Refused('bot_not_found');
  return { bot: { id: app.botId, deleted: false, name: app.name.toLowerCase(), app_id: app.id, user_id: app.botUserId } };
});

const teamInfo = method('team.info', z.object({ team: z.string().optional() }), (args, parts) => {
  const { team } = parts.state;
  if (args.team !== undefined && args.team !== team.id) throw new Refused('team_not_found');
  return { team: { id: team.id, name: team.name, domain: team.domain } };
});

/** The methods about the platform itself. */
export const platform: Family = { ...apiTest, ...authTest, ...openConnection, ...botInfo, ...teamInfo };
