import { Socket } from 'node:net';

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/;
const connect: unknown = Socket.prototype.connect;

/** Where a `socket.connect(...)` call goes: a host name, or null for a path in the file system. */
function hostOf(args: readonly unknown[]): string | null {
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first !== 'object' || first === null) return typeof args[1] === 'string' ? args[1] : 'localhost';
  if ('path' in first && typeof first.path === 'string') return null;
  return 'host' in first && typeof first.host === 'string' ? first.host : 'localhost';
}

/** Tests speak to servers on this machine only; anything else is a mistake in the test or in the app. */
Object.defineProperty(Socket.prototype, 'connect', {
  configurable: true,
  writable: true,
  value: function connectToLoopbackOnly(this: Socket, ...args: unknown[]): unknown {
    const host = hostOf(args);
    if (host !== null && !LOOPBACK.test(host)) throw new Error(`a test tried to connect to ${host}; tests stay on loopback`);
    return typeof connect === 'function' ? Reflect.apply(connect, this, args) : undefined;
  },
});
