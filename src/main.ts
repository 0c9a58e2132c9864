import { assemble, type Usher } from './assemble.ts';
import { ConfigurationFault, readConfiguration } from './config.ts';
import { StoreFault } from './ports/store.ts';
import { WorkspaceFault } from './ports/workspace.ts';

/** sysexits.h: configuration error; a supervisor should not restart in a loop on it. */
const BAD_CONFIGURATION = 78;

try {
  const configuration = readConfiguration(process.env);
  watchOver(await assemble(configuration, { environment: process.env }), configuration.stopWithin);
} catch (error) {
  if (!(error instanceof ConfigurationFault || error instanceof StoreFault || error instanceof WorkspaceFault)) throw error;
  process.stderr.write(`Usher can’t start: ${error.message}\n`);
  process.exitCode = error instanceof ConfigurationFault ? BAD_CONFIGURATION : 1;
}

/**
 * Ends the process in order (X8): 0 after a signal when everything was finished or checkpointed; 1 after a fault, at a
 * second signal, or when that takes longer than `within` milliseconds.
 */
function watchOver(usher: Usher, within: number): void {
  const { log } = usher.outside;
  let ending = false;
  const end = (code: 0 | 1): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => {
      log.error({ within }, 'stopping took too long: ending with work under way; the next start takes it up');
      process.exit(1);
    }, within).unref();
    usher.stop().then(
      () => process.exit(code),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (ending) {
        log.warn({ signal }, 'a second signal: ending at once; the next start takes up what was under way');
        process.exit(1);
      }
      log.info({ signal, within }, 'stopping');
      end(0);
    });
  // Bolt's socket client rejects unhandled when it gives up reconnecting (SLACK.md 1.4): end, and let the supervisor restart.
  process.on('unhandledRejection', (error) => {
    log.error({ err: error }, 'unhandled rejection: ending');
    end(1);
  });
  // Node would print it with all that it holds; after it nothing in memory can be trusted, so nothing is finished.
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'uncaught exception: ending at once');
    process.exit(1);
  });
  void usher.broken.then((reason) => {
    log.error({ reason }, 'Slack is not heard any more: ending, so that the supervisor starts Usher again');
    end(1);
  });
}
