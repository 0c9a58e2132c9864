import { StoreFault } from '../../ports/store.ts';

/** Node's error code, where there is one: `ENOSPC`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function remedy(code: string | undefined): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'Free some space on that disk; nothing needs a restart.';
    case 'EFBIG':
      return 'A file size limit is in force: raise it (ulimit -f); nothing needs a restart.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'Make the folder writable for the user that Usher runs as.';
    case 'EMFILE':
    case 'ENFILE':
      return 'Raise the limit of open files (ulimit -n).';
    default:
      return 'Check the disk and the system log.';
  }
}

/** A fault whose message says what failed and what the operator should do. A `StoreFault` stays as it is. */
export function faultOf(error: unknown, what: string): StoreFault {
  if (error instanceof StoreFault) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreFault(`${what}: ${reason}. ${remedy(codeOf(error))}`, { cause: error });
}

/** What is asked of a store that was closed, or waited for it until then. */
export function closedFault(): StoreFault {
  return new StoreFault('The store is closed: Usher is stopping. Try again when it is back.');
}
