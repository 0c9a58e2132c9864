/** Loaded into a measured process by `--import`: tells its parent, when asked over the IPC channel, the longest stop of its event loop since it was last asked, and its memory. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two looks of the monitor: what it tells is too long by up to this. */
const RESOLUTION = 1;

const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
delay.enable();
process.on('message', () => {
  const rss = process.memoryUsage.rss() / 1_048_576;
  process.send?.({ longest: delay.max / 1e6, p99: delay.percentile(99) / 1e6, rss });
  delay.reset();
});
// The channel alone shall not keep the process alive.
process.channel?.unref();
