import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import type { DeclaredCommand } from './slack/options.ts';

const manifest = z.object({
  features: z.object({
    app_home: z.object({ home_tab_enabled: z.boolean().default(false) }).optional(),
    slash_commands: z.array(
      z.object({ command: z.string(), description: z.string().default(''), usage_hint: z.string().default(''), should_escape: z.boolean().default(false) }),
    ),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }).optional() }),
});

/** What a workspace must know of an app's manifest: its commands, the bot's scopes and events. */
export interface Declared {
  readonly commands: readonly DeclaredCommand[];
  readonly scopes: readonly string[];
  readonly events: readonly string[];
  readonly features: { readonly homeTab: boolean };
}

/** Reads a `manifest.yml` as Slack would on installing the app. Throws where it is no manifest. */
export async function readManifest(path: string): Promise<Declared> {
  const { features, oauth_config: oauth, settings } = manifest.parse(parse(await readFile(path, 'utf8')));
  return {
    commands: features.slash_commands.map((one) => ({
      command: one.command,
      description: one.description,
      usageHint: one.usage_hint,
      shouldEscape: one.should_escape,
    })),
    scopes: oauth.scopes.bot,
    events: settings.event_subscriptions?.bot_events ?? [],
    features: { homeTab: features.app_home?.home_tab_enabled ?? false },
  };
}
