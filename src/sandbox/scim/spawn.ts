import { z } from 'zod';
import { sibling, startChild } from './child.ts';
import type { ScimTarget } from './server.ts';
import type { StubOptions } from './stub.ts';

/** As `ScimTargetOptions`, less the clock, which can't cross a process. */
export interface SpawnOptions {
  readonly token: string;
  readonly port?: number;
  readonly seats?: number;
  readonly seed?: number;
}

/** Starts the stand-in as a child process, so that its heavy answers (a 6,000-member group takes a second) don't hold up the caller. It ends with the caller. */
export async function spawnScimTarget(options: SpawnOptions): Promise<ScimTarget & { readonly pid: number }> {
  const { ready, pid, close } = await startChild(sibling('main', import.meta.url), options, z.object({ url: z.string(), pageUrl: z.string() }));
  return { ...ready, pid, close };
}

/** Starts the benchmark stub as a child process. */
export async function spawnStub(options: StubOptions): Promise<{ readonly url: string; readonly pid: number; close(): Promise<void> }> {
  const { ready, pid, close } = await startChild(sibling('stub-main', import.meta.url), options, z.object({ url: z.string() }));
  return { ...ready, pid, close };
}
