import { createTransport } from 'nodemailer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { linksIn } from '../../../src/sandbox/mailbox/mails.ts';
import { type Mailbox, startMailbox } from '../../../src/sandbox/mailbox/server.ts';

async function opened(): Promise<{ readonly box: Mailbox; readonly send: (to: string, subject?: string, html?: string) => Promise<unknown> }> {
  const box = await startMailbox();
  onTestFinished(() => box.close());
  const transport = createTransport({ host: '127.0.0.1', port: box.port, ignoreTLS: true });
  const send = (to: string, subject = 'Hello', html = '<p>Hi</p>') =>
    transport.sendMail({ from: 'it@riverside.example', to, subject, html, text: 'See https://enroll.example.org/x.' });
  return { box, send };
}

describe('the sandbox’s mail server', () => {
  it('takes every mail, delivers none, and shows them, newest first', async () => {
    const { box, send } = await opened();
    await send('lee@riverside.example', 'First');
    await send('Pat <pat@riverside.example>', 'Second <b>');
    expect(box.mails().map(({ subject, to, answer }) => [subject, to, answer])).toEqual([
      ['First', ['lee@riverside.example'], 'taken'],
      ['Second <b>', ['pat@riverside.example'], 'taken'],
    ]);
    expect(linksIn({ text: 'a https://x.example/1 b https://x.example/1' })).toEqual(['https://x.example/1']);
    const list = await (await fetch(box.pageUrl)).text();
    expect(list.indexOf('Second &lt;b&gt;')).toBeLessThan(list.indexOf('First'));
    expect(list.indexOf('Second &lt;b&gt;')).toBeGreaterThan(0);
    const one = await (await fetch(`${box.pageUrl}mails/2`)).text();
    expect(one).toContain('Pat &lt;pat@riverside.example&gt;');
    expect(one).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    const html = await fetch(`${box.pageUrl}mails/2/html`);
    expect(await html.text()).toContain('<p>Hi</p>');
    // Whatever a mail holds, it runs nothing.
    expect(html.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await fetch(`${box.pageUrl}mails/9`)).status).toBe(404);
  });

  it('does mischief as often as it was told, to the addresses that it was told, from its page too', async () => {
    const { box, send } = await opened();
    const form = (path: string, fields: Readonly<Record<string, string>> = {}) =>
      fetch(`${box.pageUrl}${path}`, { method: 'POST', body: new URLSearchParams(fields) });
    expect((await form('mischief', { is: 'refuse', address: 'lee', times: '1' })).status).toBe(200);
    expect((await form('mischief', { is: 'nonsense', address: '', times: '' })).status).toBe(400);
    expect(box.mischief.state()).toEqual([{ is: 'refuse', address: 'lee', times: 1 }]);
    await send('pat@riverside.example');
    await expect(send('lee@riverside.example')).rejects.toThrow('550');
    await send('lee@riverside.example');
    box.mischief.add({ is: 'later' });
    await expect(send('pat@riverside.example')).rejects.toThrow('450');
    await form('calm');
    await form('forget');
    expect([box.mischief.state(), box.mails()]).toEqual([[], []]);
  });

  it('holds its answer until it is let go', async () => {
    const { box, send } = await opened();
    box.mischief.add({ is: 'hold', times: 1 });
    const sent = send('lee@riverside.example');
    await box.until('the mail', (mails) => mails.length > 0);
    box.mischief.release();
    await sent;
  });
});
