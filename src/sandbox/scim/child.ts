import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';

/** A server in a child process: what it said when it was ready, and how to end it. */
export interface Child<T> {
  readonly ready: T;
  readonly pid: number;
  close(): Promise<void>;
}

/** What a child says in place of being ready. */
const failure = z.object({ failed: z.string() });

/** From `.ts` sources (tsx, vitest) the child needs tsx as well; from compiled files it does not. */
function argumentsFor(main: URL): readonly string[] {
  if (!main.pathname.endsWith('.ts')) return [fileURLToPath(main)];
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return ['--import', tsx, fileURLToPath(main)];
}

/** Resolves with the child's first line; rejects when it ends before. */
function firstLine(child: ChildProcess & { stdout: NodeJS.ReadableStream }): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout });
    lines.once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`the child process ended before it was ready (${signal ?? code})`)));
  });
}

/**
 * Starts `main` as a child process and waits for its one line of JSON. Options go in as one line on its standard input, which
 * then stays open: the child ends when it closes, so that no end of the parent, kill -9 included, leaves an orphan.
 */
export async function startChild<T>(main: URL, options: object, answer: z.ZodType<T>): Promise<Child<T>> {
  const child = spawn(process.execPath, argumentsFor(main), { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined); // EPIPE of a child that has ended; its exit is reported by firstLine
  child.stdin.write(`${JSON.stringify(options)}\n`);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const said: unknown = JSON.parse(await firstLine(child));
  const failed = failure.safeParse(said);
  if (failed.success) throw new Error(`the child process could not start: ${failed.data.failed}`);
  const ready = answer.parse(said);
  const close = async () => {
    child.stdin.end();
    await exited;
  };
  return { ready, pid: child.pid ?? 0, close };
}

/** The child's side: reads the options, starts, says that it is ready, and ends the process when the parent is gone. */
export async function runAsChild<T>(options: z.ZodType<T>, start: (options: T) => Promise<object>): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  lines.once('close', () => process.exit(0));
  const line = await new Promise<string>((resolve) => lines.once('line', resolve));
  try {
    process.stdout.write(`${JSON.stringify(await start(options.parse(JSON.parse(line))))}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ failed: error instanceof Error ? error.message : String(error) })}\n`, () => process.exit(1));
  }
}

/** The sibling of a module, in the same form: `.ts` beside sources, `.js` beside compiled files. */
export function sibling(name: string, from: string): URL {
  return new URL(`./${name}${from.endsWith('.ts') ? '.ts' : '.js'}`, from);
}
