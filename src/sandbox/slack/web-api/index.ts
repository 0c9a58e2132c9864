import { chat } from './chat.ts';
import { conversations } from './conversations.ts';
import { files } from './files.ts';
import type { Family } from './method.ts';
import { platform } from './platform.ts';
import { users } from './users.ts';
import { views } from './views.ts';

/** Every method that the stand-in plays. */
export const METHODS: Family = { ...platform, ...chat, ...conversations, ...users, ...views, ...files };
