import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';

export interface Child {
  readonly pid: number;
  /** What it said, line by line, from the beginning on. */
  readonly said: AsyncIterableIterator<unknown>;
  tell(line: string): void;
  /** kill -9; resolves with everything it had said and nobody had taken yet. */
  kill(): Promise<readonly unknown[]>;
}

const script = fileURLToPath(new URL('writer-child.ts', import.meta.url));

/** Starts `writer-child.ts` on a folder. `shell` is put before it: `ulimit -S -f 512;`. */
export function startChild(folder: string, job: 'write' | 'fill' | 'compact', options: { readonly limits?: object; readonly shell?: string } = {}): Child {
  const args = ['--import', 'tsx', script, folder, job, JSON.stringify(options.limits ?? {})];
  const child: ChildProcess = spawn('bash', ['-c', `${options.shell ?? ''} exec "$0" "$@"`, process.execPath, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { stdout, stdin, pid } = child;
  if (stdout === null || stdin === null || pid === undefined) throw new Error('the child has no pipes');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const said = (async function* () {
    for await (const line of lines) yield JSON.parse(line);
  })();
  return {
    pid,
    said,
    tell: (line) => void stdin.write(`${line}\n`),
    kill: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      const rest: unknown[] = [];
      for await (const line of said) rest.push(line);
      return rest;
    },
  };
}
