import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import express from 'express';
import type { Request, Router } from 'express';
import { findUsers, stateOf } from './admin.ts';
import { usersQuery } from './admin-shapes.ts';
import type { AdminUser, UsersQuery } from './admin-shapes.ts';
import { type Html, html } from './html.ts';
import { mischiefSection } from './page-mischief.ts';
import { SCIM_BASE } from './provider.ts';
import type { ProviderState } from './provider-state.ts';
import { decoded } from './requests.ts';

/** The compiler copies no CSS and no browser script: compiled files use those of the sources beside `dist`. */
function staticFolder(): string {
  const beside = fileURLToPath(new URL('./static/', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../../../src/sandbox/scim/static/', import.meta.url));
}

const number = (value: number) => value.toLocaleString('en-US');

function summary(state: ProviderState): Html {
  const now = stateOf(state);
  const tile = (value: string, label: string) => html`<div class="tile"><dt>${label}</dt><dd>${value}</dd></div>`;
  return html`<dl class="tiles">${tile(number(now.users.active), 'Active accounts')}${tile(number(now.users.inactive), 'Inactive accounts')}
  ${tile(number(now.groups), 'Groups')}${tile(`${number(now.seats.used)} of ${number(now.seats.total)}`, 'Seats used')}${tile(number(now.requests.total), 'Requests')}</dl>`;
}

function accountRow(user: AdminUser): Html {
  const name = user.displayName ?? user.userName;
  const verb = user.active ? 'Deactivate' : 'Activate';
  const others = [user.displayName === null ? null : user.userName, user.email === user.userName ? null : user.email].filter((text) => text !== null);
  return html`<tr><th scope="row">${name}${others.map((text) => html`<span class="other">${text}</span>`)}</th>
  <td><span class="${user.active ? 'badge on' : 'badge'}">${user.active ? 'Active' : 'Inactive'}</span></td><td class="groups">${user.groups.join(', ')}</td><td class="external">${user.externalId}</td>
  <td class="acts"><button type="button" id="turn-${user.id}" data-do="turn" data-id="${user.id}" data-active="${String(!user.active)}" aria-label="${verb} ${name}">${verb}</button>
  <button type="button" id="drop-${user.id}" data-do="drop" data-id="${user.id}" aria-label="Delete ${name}">Delete</button></td></tr>`;
}

function pageLink(query: UsersQuery, page: number, text: string, possible: boolean): Html {
  if (!possible) return html`<span class="off">${text}</span>`;
  return html`<a href="/?${new URLSearchParams({ search: query.search, only: query.only, page: String(page) }).toString()}#accounts">${text}</a>`;
}

function accounts(state: ProviderState, query: UsersQuery): Html {
  const found = findUsers(state, query);
  const rows = found.users.length === 0 ? html`<tr><td colspan="5" class="nothing">No accounts.</td></tr>` : found.users.map(accountRow);
  return html`<p class="hint" role="status">${number(found.total)} ${found.total === 1 ? 'account' : 'accounts'}, page ${found.page} of ${number(found.pages)}</p>
  <div class="scroll" tabindex="0" role="region" aria-label="Accounts"><table><thead><tr><th scope="col">Account</th><th scope="col">State</th><th scope="col">Groups</th><th scope="col">External id</th>
  <th scope="col"><span class="unseen">Actions</span></th></tr></thead><tbody>${rows}</tbody></table></div>
  <nav class="pages" aria-label="Pages of accounts">${pageLink(query, found.page - 1, 'Previous', found.page > 1)}${pageLink(query, found.page + 1, 'Next', found.page < found.pages)}</nav>`;
}

function traffic(state: ProviderState): Html {
  const { byKind, byStatus } = state.traffic.counts();
  const counted = (title: string, of: Readonly<Record<string, number>>) =>
    html`<table class="counts"><caption>${title}</caption><tbody>${Object.entries(of)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, count]) => html`<tr><th scope="row">${name}</th><td>${number(count)}</td></tr>`)}</tbody></table>`;
  const last = [...state.traffic.last(12)]
    .reverse()
    .map(
      ({ at, method, path, status, ms, faults }) =>
        html`<tr><td>${new Date(at).toISOString().slice(11, 19)}</td><td>${method}</td><td class="path">${decoded(path)}</td><td>${status ?? 'no answer'}</td><td>${ms} ms</td><td>${faults.join(', ')}</td></tr>`,
    );
  if (last.length === 0) return html`<p class="hint">No requests yet.</p>`;
  return html`<div class="columns">${counted('By kind', byKind)}${counted('By answer', byStatus)}</div>
  <div class="scroll" tabindex="0" role="region" aria-label="Last requests"><table><caption>Last requests, newest first (UTC)</caption><thead><tr><th scope="col">Time</th><th scope="col">Method</th><th scope="col">Path</th><th scope="col">Answer</th><th scope="col">Took</th><th scope="col">Mischief</th></tr></thead><tbody>${last}</tbody></table></div>`;
}

function filterForm(query: UsersQuery): Html {
  const option = (value: UsersQuery['only'], text: string) => html`<option value="${value}"${query.only === value && html` selected`}>${text}</option>`;
  return html`<form class="filter" id="filter" method="get" action="/#accounts" role="search">
  <span class="field"><label for="search">Search</label><input id="search" name="search" type="search" value="${query.search}" placeholder="name, address or id"></span>
  <span class="field"><label for="only">Show</label><select id="only" name="only">${option('all', 'All accounts')}${option('active', 'Active ones')}${option('inactive', 'Inactive ones')}</select></span>
  <button type="submit">Search</button></form>`;
}

function whole(state: ProviderState, query: UsersQuery, host: string): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Sandbox application</title><link rel="stylesheet" href="/static/page.css"><link rel="icon" href="data:,"><script src="/static/page.js" type="module"></script></head>
<body><a class="skip" href="#accounts">To the accounts</a>
<header><h1>Sandbox application</h1><p>A SCIM 2.0 service provider to try Usher on. Everything here is forgotten when it stops.</p>
<p class="where"><span>Base URL <code>http://${host}${SCIM_BASE}</code></span><span>Token <code>${state.token}</code></span></p></header>
<main><div data-part="summary">${summary(state)}</div>
<div class="split"><div class="wide"><section aria-labelledby="accounts"><div class="bar"><h2 id="accounts">Accounts</h2><span><button type="button" data-do="make">Add 40 by hand</button>
<button type="button" data-do="reset">Empty everything</button></span></div>${filterForm(query)}<div data-part="accounts">${accounts(state, query)}</div></section>
<section aria-labelledby="requests"><div class="bar"><h2 id="requests">Requests</h2><button type="button" data-do="forget">Count from 0</button></div><div data-part="traffic">${traffic(state)}</div></section></div>
<div class="narrow">${mischiefSection(state.mischief.state())}</div></div>
<p id="notice" role="status" aria-live="polite"></p></main></body></html>`;
}

function partOf(state: ProviderState, name: string, req: Request): Html | undefined {
  if (name === 'summary') return summary(state);
  if (name === 'accounts') return accounts(state, usersQuery.parse(req.query));
  return name === 'traffic' ? traffic(state) : undefined;
}

/** The page of the stand-in, for a person: its accounts, what was asked of it, and the mischief switches. */
export function pageRouter(state: ProviderState): Router {
  const router = express.Router();
  router.use((_req, res, next) => {
    res.set({ 'Content-Security-Policy': "default-src 'self'; img-src data:", 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
    next();
  });
  router.use('/static', express.static(staticFolder()));
  router.get('/', (req, res) => {
    res.type('html').send(whole(state, usersQuery.parse(req.query), req.headers.host ?? '').toString());
  });
  router.get('/parts/:name', (req, res) => {
    const part = partOf(state, req.params.name, req);
    if (part === undefined) res.status(404).type('text').send('No such part.');
    else res.type('html').send(part.toString());
  });
  return router;
}
