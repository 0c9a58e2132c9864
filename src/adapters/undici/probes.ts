import { TargetFault } from '../../domain/connectors/target-error.ts';
import type { TargetProbes } from '../../ports/target.ts';
import { type BulkOperation, bulkRequest, readBulk } from '../../scim/bulk.ts';
import { readAnnounced } from '../../scim/discovery.ts';
import { readListPage } from '../../scim/listing.ts';
import { userPatch } from '../../scim/patch.ts';
import { readUser } from '../../scim/user.ts';
import { under } from './versioned.ts';
import { resourcePath } from './paths.ts';
import type { Requester } from './requester.ts';

/** A version that no resource has. */
const NO_VERSION = 'W/"usher-rehearsal-no-such-version"';

/** What a rehearsal tries beside its steps; the callers take permits. */
export function createProbes({ ask }: Requester): TargetProbes {
  return {
    async page(startIndex, count) {
      const page = await ask('search', 'GET', `/Users?startIndex=${startIndex}&count=${count}`, undefined, (json) => readListPage(json, readUser));
      return { rows: page.rows.length + page.unreadable, total: page.total };
    },

    async announced() {
      const { announced } = await ask('search', 'GET', '/ServiceProviderConfig', undefined, (json) => ({ announced: readAnnounced(json) }));
      return announced;
    },

    async checksVersion(id, displayName) {
      const body = userPatch({ set: { displayName }, clear: [] });
      try {
        await ask('change', 'PATCH', resourcePath('Users', id), body, () => true, under(NO_VERSION));
        return false;
      } catch (fault) {
        if (fault instanceof TargetFault && fault.error.status === 412) return true;
        throw fault;
      }
    },

    async takesBulk(id, displayName) {
      const operation: BulkOperation = { method: 'PATCH', path: resourcePath('Users', id), data: userPatch({ set: { displayName }, clear: [] }) };
      const { succeeded } = await ask('change', 'POST', '/Bulk', bulkRequest([operation], 1), (json) => {
        const [answer] = readBulk(json, [operation]) ?? [];
        return { succeeded: answer !== undefined && answer !== null && answer.status < 300 };
      });
      return succeeded;
    },
  };
}
