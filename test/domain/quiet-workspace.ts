import type { Workspace } from '../../src/ports/workspace.ts';

/** A workspace that knows nobody, can post anywhere, takes every file and has none to give; `known` says what is different. */
export function quietWorkspace(known: Partial<Workspace> = {}): Workspace {
  return {
    member: async () => undefined,
    group: async () => undefined,
    groups: async () => [],
    channelName: async () => undefined,
    postingProblem: async () => null,
    mayHoldNames: async () => true,
    upload: async () => {},
    download: async () => {
      throw new Error('Slack was asked for a file');
    },
    ...known,
  };
}
