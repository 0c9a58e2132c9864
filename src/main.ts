import { assemble } from './assemble.ts';
import { ConfigurationFault, readConfiguration } from './config.ts';
import { StoreFault } from './ports/store.ts';

/** sysexits.h: configuration error; a supervisor should not restart in a loop on it. */
const BAD_CONFIGURATION = 78;

try {
  const usher = await assemble(readConfiguration(process.env), { environment: process.env });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      usher.outside.log.info({ signal }, 'stopping');
      usher.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  // Bolt's socket client rejects unhandled when it gives up reconnecting (SLACK.md 1.4): end, and let the supervisor restart.
  process.on('unhandledRejection', (error) => {
    usher.outside.log.error({ err: error }, 'unhandled rejection: ending');
    process.exitCode = 1;
    setTimeout(() => process.exit(1), 2_000).unref();
    void usher.stop().finally(() => process.exit(1));
  });
} catch (error) {
  if (!(error instanceof ConfigurationFault || error instanceof StoreFault)) throw error;
  process.stderr.write(`Usher can’t start: ${error.message}\n`);
  process.exitCode = error instanceof ConfigurationFault ? BAD_CONFIGURATION : 1;
}
