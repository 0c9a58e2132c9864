import { z } from 'zod';
import { runAsChild } from './child.ts';
import { startStub } from './stub.ts';

const options = z.strictObject({
  port: z.int().min(0).max(65_535).default(0),
  latencyMs: z.number().min(0).default(0),
});

await runAsChild(options, async (asked) => ({ url: (await startStub(asked)).url }));
