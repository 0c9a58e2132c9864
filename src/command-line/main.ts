#!/usr/bin/env node
import { userInfo } from 'node:os';
import { run } from './run.ts';

/** In a container the process may run as a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

process.exitCode = await run({
  words: process.argv.slice(2),
  environment: process.env,
  user: userName()
    .replace(/[^\w.@-]/g, '_')
    .slice(0, 64),
  stdout: process.stdout,
  stderr: process.stderr,
});
