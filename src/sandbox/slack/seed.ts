import type { Member, Usergroup } from './people.ts';

/** A channel as a seed gives it; the app's bot is a member where `botId` stands in `memberIds`. */
export interface SeedChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private';
  readonly shared: boolean;
  readonly archived: boolean;
  readonly topic: string;
  readonly memberIds: readonly string[];
}

export interface SeedTeam {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

export interface SeedApp {
  readonly id: string;
  readonly name: string;
  /** The bot as a user (U…) and as a bot (B…). */
  readonly botUserId: string;
  readonly botId: string;
}

/** Who and what a workspace starts with. */
export interface Seed {
  readonly team: SeedTeam;
  readonly app: SeedApp;
  readonly people: readonly Member[];
  readonly channels: readonly SeedChannel[];
  readonly usergroups: readonly Usergroup[];
}

const TEAM = 'T0RIVERSIDE';
const BOT = 'U0USHERBOT';
const employee = { timeZone: 'America/Los_Angeles', admin: false, guest: 'none', teamId: TEAM, deleted: false, bot: false } as const;

const people: readonly Member[] = [
  { ...employee, id: 'U0ANARUIZ', name: 'ana', realName: 'Ana Ruiz', email: 'ana.ruiz@riverside.example', title: 'Admin, directory', admin: true },
  { ...employee, id: 'U0SAMONEIL', name: 'sam', realName: "Sam O'Neil", email: 'sam.oneil@riverside.example', title: 'Approver, IT lead' },
  {
    ...employee,
    id: 'U0MIASORENSEN',
    name: 'mia',
    realName: 'Mia Sørensen',
    email: 'mia.sorensen@riverside.example',
    title: 'Viewer, school office',
    timeZone: 'America/Denver',
  },
  { ...employee, id: 'U0LEEOKAFOR', name: 'lee', realName: 'Lee Okafor', email: 'lee.okafor@riverside.example', title: 'Service desk' },
  {
    ...employee,
    id: 'U0NADIAPETROVA',
    name: 'nadia',
    realName: 'Nadia Petrova',
    email: 'nadia@brightpath.example',
    title: 'Partner, Brightpath',
    guest: 'several-channels',
    timeZone: 'Europe/Sofia',
  },
  { ...employee, id: 'U0TOMGUEST', name: 'tom', realName: 'Tom Guest', email: 'tom@contractor.example', title: 'Guest, contractor', guest: 'one-channel' },
  {
    ...employee,
    id: 'U0KENJIMORI',
    name: 'kenji',
    realName: 'Kenji Mori',
    email: 'kenji@lumen.example',
    title: 'Lumen Learning',
    teamId: 'T0LUMEN',
    timeZone: 'Asia/Tokyo',
  },
  { ...employee, id: 'U0OLDJOE', name: 'joe', realName: 'Joe Abara', email: 'joe.abara@riverside.example', title: '', deleted: true },
];

const channel = { kind: 'public', shared: false, archived: false } as const;
const staff = ['U0ANARUIZ', 'U0SAMONEIL', 'U0MIASORENSEN', 'U0LEEOKAFOR'];

/** The demo's workspace: a school district with one person for each part that the demo plays. */
export const districtSeed: Seed = {
  team: { id: TEAM, name: 'Riverside District', domain: 'riverside-district' },
  app: { id: 'A0USHER', name: 'Usher', botUserId: BOT, botId: 'B0USHER' },
  people,
  channels: [
    { ...channel, id: 'C0PROVISION', name: 'it-provisioning', topic: 'Accounts, syncs and what went wrong', memberIds: [...staff, BOT] },
    { ...channel, id: 'C0GENERAL', name: 'general', topic: 'Everyone', memberIds: [...staff, 'U0NADIAPETROVA'] },
    { ...channel, id: 'C0ITLEADS', name: 'it-leads', kind: 'private', topic: 'Approvals', memberIds: ['U0ANARUIZ', 'U0SAMONEIL'] },
    {
      ...channel,
      id: 'C0VENDORS',
      name: 'vendors',
      shared: true,
      topic: 'With Lumen Learning',
      memberIds: ['U0ANARUIZ', 'U0NADIAPETROVA', 'U0KENJIMORI', 'U0TOMGUEST', BOT],
    },
    { ...channel, id: 'C0ANNOUNCE', name: 'announcements', topic: 'Read only', memberIds: staff },
    { ...channel, id: 'C0ROLLOUT25', name: 'rollout-2025', archived: true, topic: 'Done', memberIds: [...staff, BOT] },
  ],
  usergroups: [{ id: 'S0ITLEADS', handle: 'it-leads', name: 'IT leads', memberIds: ['U0ANARUIZ', 'U0SAMONEIL'], deleted: false }],
};
