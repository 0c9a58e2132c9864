import express from 'express';
import type { Express } from 'express';
import { type Html, html } from '../scim/html.ts';
import { linksIn, type ReceivedMail } from './mails.ts';
import { FAULTS, type MailFault, type Mischief, mailFault } from './mischief.ts';

export interface MailboxState {
  readonly mails: () => readonly ReceivedMail[];
  readonly forget: () => void;
  readonly mischief: Mischief;
}

/** The newest that the list shows. */
const SHOWN = 200;
const SAYS: Readonly<Record<MailFault['is'], string>> = {
  refuse: 'Refuse the recipient (550)',
  later: 'Put the recipient off (450)',
  spam: 'Refuse the message (554)',
  drop: 'Take it and hang up without a word',
  'hang-up': 'Hang up before the message',
  busy: 'Take nothing (421)',
  hold: 'Take it and say nothing until released',
};
const STYLES = `:root{color-scheme:light dark;--ground:#f6f5f2;--card:#fff;--ink:#1e1f22;--soft:#5d6068;--line:#dcdad4;--accent:#1f5f8b}
@media (prefers-color-scheme:dark){:root{--ground:#17181b;--card:#202226;--ink:#ececee;--soft:#a6a9b2;--line:#363940;--accent:#7cc0ee}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
header,main{max-width:64rem;margin:0 auto;padding:1rem 1.25rem}h1{margin:0;font-size:1.5rem}h2{font-size:1.15rem}
a{color:var(--accent)}section,article{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem;margin-bottom:1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
.soft{color:var(--soft)}.scroll{overflow-x:auto}form{display:flex;flex-wrap:wrap;gap:.6rem;align-items:end}label{display:flex;flex-direction:column;font-size:.85rem;color:var(--soft)}
input,select,button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.35rem .6rem}button{cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}iframe{width:100%;height:40rem;border:1px solid var(--line);border-radius:8px;background:#fff}pre{white-space:pre-wrap;overflow-wrap:anywhere}`;

function frame(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head>
<body>${body}</body></html>`.toString();
}

function list({ mails, mischief }: MailboxState): string {
  const all = mails();
  const rows = all
    .slice(-SHOWN)
    .reverse()
    .map(
      (mail) =>
        html`<tr><td>${new Date(mail.at).toISOString().slice(11, 19)}</td><td>${mail.to.join(', ')}</td><td><a href="/mails/${mail.number}">${mail.subject === '' ? 'No subject' : mail.subject}</a></td><td>${mail.answer}</td></tr>`,
    );
  const on = mischief
    .state()
    .map(
      ({ is, address, times }) =>
        html`<li>${SAYS[is]}${address === undefined ? '' : `, for addresses with ${address}`}${times === undefined ? '' : `, ${times} more`}</li>`,
    );
  return frame(
    'Sandbox mailbox',
    html`<header><h1>Sandbox mailbox</h1><p class="soft">A mail server that takes every mail and delivers none. Everything here is forgotten when it stops.</p></header>
<main><section aria-labelledby="mails"><h2 id="mails">${all.length} ${all.length === 1 ? 'mail' : 'mails'}, newest first</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Mails"><table><thead><tr><th scope="col">Time (UTC)</th><th scope="col">To</th><th scope="col">Subject</th><th scope="col">Answer</th></tr></thead><tbody>${
      rows.length === 0 ? html`<tr><td colspan="4">No mails yet.</td></tr>` : rows
    }</tbody></table></div>
<form method="post" action="/forget"><button type="submit">Empty it</button></form></section>
<section aria-labelledby="mischief"><h2 id="mischief">Mischief</h2><ul>${on.length === 0 ? html`<li>None: every mail is taken.</li>` : on}</ul>
<form method="post" action="/mischief"><label>What happens<select name="is">${FAULTS.map((is) => html`<option value="${is}">${SAYS[is]}</option>`)}</select></label>
<label>Only addresses with<input name="address"></label><label>How often<input name="times" inputmode="numeric" placeholder="always"></label><button type="submit">Switch on</button></form>
<form method="post" action="/calm"><button type="submit">Switch all off, release what is held</button></form></section></main>`,
  );
}

function one(mail: ReceivedMail): string {
  const links = linksIn(mail).map((url) => html`<li><a href="${url}" rel="noreferrer" target="_blank">${url}</a></li>`);
  return frame(
    mail.subject,
    html`<header><p><a href="/">All mails</a></p><h1>${mail.subject}</h1><p class="soft">To ${mail.toHeader}, envelope ${mail.to.join(', ')} · ${mail.answer} · ${
      mail.secure ? 'over TLS' : 'without TLS'
    } · Message-ID ${mail.messageId}</p></header>
<main><section aria-labelledby="links"><h2 id="links">Links</h2><ul>${links.length === 0 ? html`<li>None.</li>` : links}</ul></section>
<article aria-label="As HTML"><iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mails/${mail.number}/html"></iframe></article>
<article aria-labelledby="text"><h2 id="text">As text</h2><pre>${mail.text}</pre></article></main>`,
  );
}

/** An empty field of a form is an absent one. */
function faultOf(body: unknown): MailFault | null {
  const filled: Record<string, unknown> =
    typeof body !== 'object' || body === null ? {} : Object.fromEntries(Object.entries(body).filter(([, value]) => value !== ''));
  const parsed = mailFault.safeParse({ ...filled, ...(filled.times === undefined ? {} : { times: Number(filled.times) }) });
  return parsed.success ? parsed.data : null;
}

/** The page of the mailbox, for a person: what came in, and what to do to what comes next. */
export function mailboxPage(state: MailboxState): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((_req, res, next) => {
    res.set({
      'Content-Security-Policy': "default-src 'none'; style-src 'self' 'unsafe-inline'; frame-src 'self'; img-src data:; form-action 'self'; base-uri 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    });
    next();
  });
  app.get('/page.css', (_req, res) => void res.type('css').send(STYLES));
  app.get('/', (_req, res) => void res.type('html').send(list(state)));
  app.get('/mails/:number', (req, res) => {
    const mail = state.mails().find(({ number }) => String(number) === req.params.number);
    if (mail === undefined) res.status(404).type('text').send('No such mail.');
    else res.type('html').send(one(mail));
  });
  app.get('/mails/:number/html', (req, res) => {
    const mail = state.mails().find(({ number }) => String(number) === req.params.number);
    res.type('html').send(mail?.html ?? '');
  });
  app.use(express.urlencoded({ extended: false }));
  app.post('/mischief', (req, res) => {
    const fault = faultOf(req.body);
    if (fault === null) return void res.status(400).type('text').send('No such mischief.');
    state.mischief.add(fault);
    res.redirect(303, '/');
  });
  app.post('/calm', (_req, res) => {
    state.mischief.clear();
    res.redirect(303, '/');
  });
  app.post('/forget', (_req, res) => {
    state.forget();
    res.redirect(303, '/');
  });
  return app;
}
