import type { Speech } from '../../domain/connectors/dialect.ts';
import { TargetFault } from '../../domain/connectors/target-error.ts';
import type { Target, TargetGroup, TargetUser, Turn } from '../../ports/target.ts';
import { equals } from '../../scim/filter.ts';
import { groupJson, readGroup } from '../../scim/group.ts';
import { type ListPage, readListPage, walkPages } from '../../scim/listing.ts';
import { membersPatch, namePatch } from '../../scim/patch.ts';
import { numberAt } from '../../scim/pointer.ts';
import { readUser, userJson } from '../../scim/user.ts';
import { bulked } from './bulk.ts';
import { changeGroup, removeGroup } from './change-group.ts';
import { changeUser, removeUser } from './change-user.ts';
import { resourcePath, refusalOf } from './paths.ts';
import { createProbes } from './probes.ts';
import type { Requester } from './requester.ts';
import type { Answer } from './wire.ts';

/** A look-up answers with at most so many rows: two already mean "ambiguous". */
const LOOK_UP_ROWS = 10;

/** RFC 7644 §3.3 asks for `Location` on 201: the id of a created resource whose body was left out. */
function idFromLocation({ location }: Answer): string | null {
  const last = location?.split(/[?#]/)[0]?.split('/').pop();
  try {
    return last === undefined || last === '' ? null : decodeURIComponent(last);
  } catch {
    return null;
  }
}

function readCreatedUser(json: unknown, answer: Answer): TargetUser | null {
  const user = readUser(json);
  if (user !== null) return user;
  const id = json === undefined ? idFromLocation(answer) : null;
  return id === null ? null : { id, externalId: null, active: null, values: {} };
}

/**
 * Rows of a filter that show another value than was asked for were not filtered: a server that ignores the filter
 * must neither lead to adopting a stranger nor pass for "there is none". Letter case is the server's affair.
 */
function matching<Row>(rows: readonly Row[], shown: (row: Row) => string | null, attribute: string, value: string): readonly Row[] {
  const wanted = value.toLowerCase();
  const matched = rows.filter((row) => (shown(row) ?? value).toLowerCase() === wanted);
  if (matched.length === 0 && rows.length > 0) throw refusalOf('refused', `The target ignored the filter “${attribute} eq” and answered with others.`);
  return matched;
}

/** The `Target` port in SCIM 2.0 requests (RFC 7644): each call is one, or travels in one with others (`bulked`), and never retried here. */
export function createTarget(single: Requester, speech: Speech): Target {
  const requester = bulked(single, speech);
  const { ask } = requester;

  function search<Row>(path: string, readRow: (json: unknown) => Row | null, turn?: Turn): Promise<ListPage<Row>> {
    return ask('search', 'GET', path, undefined, (json) => readListPage(json, readRow), turn);
  }

  function filtered(collection: 'Users' | 'Groups', attribute: string, value: string): string {
    return `/${collection}?filter=${encodeURIComponent(equals(attribute, value))}&count=${LOOK_UP_ROWS}`;
  }

  return {
    async lookUp(attribute, value, turn) {
      const { rows } = await search(filtered('Users', attribute, value), readUser, turn);
      const shown = (user: TargetUser): string | null => (attribute === 'externalId' ? user.externalId : (user.values[attribute] ?? null));
      return matching(rows.slice(0, LOOK_UP_ROWS), shown, attribute, value);
    },

    list(before) {
      let seen = 0;
      let total: number | null = null;
      return walkPages(
        async (startIndex, count) => {
          try {
            const page = await search(`/Users?startIndex=${startIndex}&count=${count}`, readUser);
            seen += page.rows.length + page.unreadable;
            total = page.total;
            return page;
          } catch (fault) {
            // Some servers answer 400 or 404 to a page past the end instead of an empty one.
            const pastEnd = fault instanceof TargetFault && (fault.error.status === 400 || fault.error.status === 404);
            if (pastEnd && seen > 0 && seen === total) return null;
            throw fault;
          }
        },
        before,
        speech.dialect.pages.totals,
      );
    },

    create: (externalId, values, active, turn) => ask('create', 'POST', '/Users', userJson(externalId, values, active), readCreatedUser, turn),

    // An id that names no user is that request's fault, as any other is.
    change: async (id, change, turn) => changeUser(requester, speech, id, change, turn),

    read: async (id, turn) => ask('read', 'GET', resourcePath('Users', id), undefined, readUser, turn),

    remove: async (id, turn) => removeUser(requester, speech, id, turn),

    async findGroups(displayName) {
      const { rows } = await search(filtered('Groups', 'displayName', displayName), readGroup);
      return matching(rows, (group) => group.displayName, 'displayName', displayName);
    },

    createGroup: (displayName, externalId) =>
      ask('create', 'POST', '/Groups', groupJson(displayName, externalId), (json, answer): TargetGroup | null => {
        const id = json === undefined ? idFromLocation(answer) : null;
        return readGroup(json) ?? (id === null ? null : { id, displayName, memberIds: [] });
      }),

    renameGroup: async (id, displayName, turn, present = []) =>
      changeGroup(requester, speech, id, { edit: { displayName }, patch: namePatch(displayName), present }, turn),

    async changeMembers(id, add, remove, turn, present = []) {
      const patch = membersPatch(add, remove, speech.dialect.members.removal === 'values' ? 'values' : 'filter');
      await changeGroup(requester, speech, id, { edit: { add, remove }, patch, present }, turn);
    },

    // Those who stay are added to whom the read shows: it may be older than what was added just before.
    setMembers: async (id, members, removed, turn) => changeGroup(requester, speech, id, { edit: { add: members, remove: removed }, present: members }, turn),

    readGroup: async (id) => ask('read', 'GET', resourcePath('Groups', id), undefined, readGroup),

    removeGroup: async (id, turn) => removeGroup(requester, speech, id, turn),

    async readNumber(path, pointer) {
      const under = pathUnder(requester.basePath, path);
      const { number } = await ask('search', 'GET', under, undefined, (json) => ({ number: numberAt(json, pointer) }));
      return number;
    },

    probes: createProbes(requester),
  };
}

/** A path that stays under the base URL, so that the token goes nowhere else. */
function pathUnder(basePath: string, path: string): string {
  const root = `http://usher.invalid${basePath}/`;
  const url = URL.canParse(path.replace(/^\/+/, './'), root) ? new URL(path.replace(/^\/+/, './'), root) : null;
  if (url === null || !url.href.startsWith(root)) throw refusalOf('unusable', `The path “${path}” is not under the base URL.`);
  return `${url.pathname}${url.search}`.slice(basePath.length);
}
