// Preloaded into a process of its own: 100 times as fast for whoever looks every 15 s (the watchdog of X8). Sockets keep the real time.
const FASTER = 100;
const LOOK = 15_000;
const { now } = Date;
const began = now();
const { setTimeout } = globalThis;
Date.now = () => began + (now() - began) * FASTER;
globalThis.setTimeout = (then, ms, ...rest) => setTimeout(then, ms > LOOK - 2_000 && ms <= LOOK ? ms / FASTER : ms, ...rest);
