import { z } from 'zod';
import { runAsChild } from '../../../../src/sandbox/scim/child.ts';
import { live } from './engine.ts';

const life = z.strictObject({ folder: z.string(), url: z.url(), now: z.int(), deathAt: z.int().nullable(), death: z.enum(['killed', 'abandoned']) });

await runAsChild(life, async (given) => ({ lived: await live(given) }));
