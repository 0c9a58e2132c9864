import { z } from 'zod';
import { runAsChild } from './child.ts';
import { startScimTarget } from './server.ts';

const options = z.strictObject({
  token: z.string().min(1),
  port: z.int().min(0).max(65_535).default(0),
  seats: z.int().min(0).default(500),
  seed: z.int().default(1),
});

await runAsChild(options, async (asked) => {
  const { url, pageUrl } = await startScimTarget(asked);
  return { url, pageUrl };
});
