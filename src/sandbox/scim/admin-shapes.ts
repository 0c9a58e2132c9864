import { z } from 'zod';
import { FAULT_NAMES, fault } from './faults.ts';

/** Bodies and answers of the admin API, which acts on the stand-in from outside SCIM: never counted, never struck by mischief. */

const count = z.int().min(0);

/** `GET /admin/state`. */
export const adminState = z.object({
  users: z.object({ total: count, active: count, inactive: count }),
  groups: count,
  seats: z.object({ total: count, used: count }),
  /** `byKind` keys are `PATCH /Users/{id}`, `GET /Users`, `GET /Users?filter`, …; `byStatus` keys `201`, …, `no answer`. */
  requests: z.object({ total: count, byKind: z.record(z.string(), count), byStatus: z.record(z.string(), count) }),
  mischief: z.object({ seed: z.int(), faults: z.array(z.object({ fault, considered: count, struck: count })) }),
});
export type AdminState = z.output<typeof adminState>;

/** `GET /admin/requests?last=50`: newest last. */
export const adminRequests = z.object({
  requests: z.array(
    z.object({
      /** Milliseconds since 1970. */
      at: z.number(),
      method: z.string(),
      path: z.string(),
      kind: z.string(),
      /** But for `authorization`. */
      headers: z.record(z.string(), z.string()),
      /** Parsed JSON; null where there was none, or more than 64 KiB. */
      body: z.unknown(),
      /** Null where the connection was destroyed. */
      status: z.number().nullable(),
      ms: z.number(),
      faults: z.array(z.enum(FAULT_NAMES)),
    }),
  ),
});
export type AdminRequest = z.output<typeof adminRequests>['requests'][number];

export const adminUser = z.object({
  id: z.string(),
  userName: z.string(),
  displayName: z.string().nullable(),
  email: z.string().nullable(),
  externalId: z.string().nullable(),
  active: z.boolean(),
  /** Display names. */
  groups: z.array(z.string()),
  lastModified: z.string(),
});
export type AdminUser = z.output<typeof adminUser>;

/** `GET /admin/users?…`: `search` is found in user name, display name, addresses and external id, without letter case. */
export const usersQuery = z.object({
  search: z.string().default(''),
  only: z.enum(['all', 'active', 'inactive']).catch('all').default('all'),
  page: z.coerce.number().int().min(1).catch(1).default(1),
  size: z.coerce.number().int().min(1).max(10_000).catch(25).default(25),
});
export type UsersQuery = z.output<typeof usersQuery>;
export const adminUsers = z.object({ users: z.array(adminUser), total: count, page: z.int(), pages: z.int() });
export type AdminUsers = z.output<typeof adminUsers>;

export const adminGroups = z.object({
  groups: z.array(z.object({ id: z.string(), displayName: z.string(), externalId: z.string().nullable(), members: z.array(z.string()) })),
});
export type AdminGroup = z.output<typeof adminGroups>['groups'][number];

/** Attributes as in SCIM; scimmy checks them. */
const scimAttributes = z.record(z.string(), z.unknown());

/** `POST /admin/users`: these, or a number of made-up ones. */
export const seeding = z.union([
  z.strictObject({ users: z.array(scimAttributes) }),
  z.strictObject({
    make: z.strictObject({ count: z.int().min(1).max(200_000), domain: z.string().default('example.org'), inactive: z.number().min(0).max(1).default(0) }),
  }),
]);
export type SeedingInput = z.input<typeof seeding>;
export const seeded = z.object({ ids: z.array(z.string()) });

/** `PATCH /admin/users/{id}`: whole top-level attributes are replaced; null takes one away. */
export const userEdit = scimAttributes;

/** `PUT /admin/mischief`: exactly these faults are on; counters start at 0. */
export const mischiefSetting = z.strictObject({ seed: z.int().optional(), faults: z.array(fault) });
export type MischiefSettingInput = z.input<typeof mischiefSetting>;

export const seatSetting = z.strictObject({ total: count });
export const faultName = z.enum(FAULT_NAMES);
export const done = z.object({ ok: z.literal(true) });
export const failure = z.object({ error: z.string() });
