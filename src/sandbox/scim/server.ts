import { createServer } from 'node:http';
import { adminRouter } from './admin.ts';
import { listen, shut } from './listen.ts';
import { pageRouter } from './page.ts';
import { createProvider, SCIM_BASE } from './provider.ts';
import type { ProviderOptions } from './provider.ts';

export interface ScimTargetOptions extends ProviderOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
}

export interface ScimTarget {
  /** The SCIM base: `http://127.0.0.1:…/scim/v2`. */
  readonly url: string;
  /** For a person, and for `createAdmin`: `http://127.0.0.1:…/`. */
  readonly pageUrl: string;
  close(): Promise<void>;
}

/** Starts the stand-in in this process. Its computations then share this event loop: `spawnScimTarget` does not. */
export async function startScimTarget(options: ScimTargetOptions): Promise<ScimTarget> {
  const { app, state } = createProvider(options);
  app.use('/admin', adminRouter(state));
  app.use(pageRouter(state));
  const server = createServer(app);
  const port = await listen(server, options.port ?? 0);
  const pageUrl = `http://127.0.0.1:${port}/`;
  return { url: `http://127.0.0.1:${port}${SCIM_BASE}`, pageUrl, close: () => shut(server) };
}
