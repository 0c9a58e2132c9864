import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withoutNames } from '../../../src/domain/alerts/plain-words.ts';
import { alertMessage, escalationMessage } from '../../../views/alerts/alert-card.ts';
import { type AlertsWorld, alertsWorld, cause, OPS } from './alerts-world.ts';

let here: AlertsWorld;
beforeEach(async () => {
  here = await alertsWorld();
});
afterEach(() => here.close());

const WORDS = 'The e-mail of Lee Okafor is not verified by North High';

async function shown(): Promise<string> {
  return JSON.stringify(alertMessage(await here.model()));
}

describe('an alert’s card', () => {
  it('N3 says what failed, how many, the first causes in the provider’s words, and offers retry, errors, snooze, acknowledge', async () => {
    await here.subscribed(['failure']);
    const causes = [cause(WORDS, 11), cause('timed out', 3, null), ...['a', 'bb', 'ccc'].map((text) => cause(text, 1))];
    const run = await here.ran({ ending: 'failed', failed: 17, causes, detail: 'The target answers 500 to everything.' });
    const text = await shown();
    for (const part of ['Portal: sync failing', '17 failed', `11 × “${WORDS}” (status 400)`, '3 × “timed out” (no answer)', 'and 2 more causes', 'answers'])
      expect(text).toContain(part);
    for (const [action, value] of [
      ['sync.retry', run.id],
      ['sync.errors', run.id],
      ['alerts.acknowledge', 'A-1'],
      ['connectors.open', 'c1'],
    ])
      expect(text).toMatch(new RegExp(`"action_id":"${action}"[^}]*"value":"${value}"`));
    for (const length of ['1h', '4h', 'tomorrow', '1w']) expect(text).toContain(`"${length}/A-1"`);
  });

  it('N2 N3 counts up in place, and once recovered says after how long, without the buttons that no longer apply', async () => {
    await here.subscribed(['failure']);
    await here.ran({ ending: 'failed', failed: 11 });
    await here.ran({ ending: 'failed', failed: 14 });
    expect(await shown()).toMatch(/2 runs.*14 failed.*was 11/);
    await here.clock.advance(90 * 60_000);
    await here.ran();
    const text = await shown();
    expect(text).toMatch(/Portal: recovered.*after 1 h 30 min/);
    for (const action of ['sync.retry', 'sync.errors', 'alerts.acknowledge', 'alerts.snooze']) expect(text).not.toContain(action);
  });

  it.each([
    ['the channel is not marked', false, false],
    ['guests read along', true, true],
  ])('R3 holds counts and no name where %s', async (_, mayNames, guests) => {
    if (guests) here.rooms.withGuests.add(OPS);
    await here.subscribed(['failure'], { mayNames });
    await here.ran({ ending: 'failed', failed: 11, causes: [cause(WORDS, 11), cause('Lee Okafor')], detail: 'Call Lee Okafor' });
    const text = await shown();
    expect(text).toContain('11 × “The e-mail of … is not verified by …” (status 400)');
    expect(text).toContain('11 × status 400');
    expect(text).not.toMatch(/Lee|Okafor|North|High/);
  });

  it('R3 the mark counts when it is drawn: a guest who came since ends it', async () => {
    await here.subscribed(['failure']);
    await here.ran({ ending: 'failed', failed: 11, causes: [cause(WORDS)] });
    expect(await shown()).toContain('Lee Okafor');
    here.rooms.withGuests.add(OPS);
    expect(await shown()).not.toContain('Okafor');
  });

  it('R3 an escalation holds counts only, wherever it goes', async () => {
    await here.subscribed(['failure'], { escalation: { to: 'C0SECOND', afterMinutes: 5 } });
    await here.ran({ ending: 'failed', failed: 11, causes: [cause(WORDS)], detail: WORDS });
    const text = JSON.stringify(escalationMessage(await here.model()));
    expect(text).toMatch(/Unanswered.*C0OPS.*Portal: sync failing.*11 failed/);
    expect(text).not.toContain('Okafor');
  });
});

describe('a provider’s words without names', () => {
  it('R3 keep the language of provisioning errors', () => {
    expect(withoutNames('email domain not verified')).toBe('email domain not verified');
    expect(withoutNames('Attribute phoneNumbers[0].type must be one of: work, mobile')).toBe('Attribute phoneNumbers[…].type must be one of: work, mobile');
    expect(withoutNames('Seats exceeded for user “Zoë Ng” (zoe@example.org)')).toBe('Seats exceeded for user “…” (…)');
    expect(withoutNames('李小龙')).toBeNull();
  });

  it('C8 X7 leave what Usher says of the network, TLS, redirects and web pages readable', () => {
    const said = [
      'closed the connection before it answered.',
      "didn't accept the connection in time.",
      "can't be reached from here: no route.",
      'The certificate is self-signed, nobody vouches for it.',
      'Usher does not follow redirects: enter the address of the SCIM service itself.',
      'It answered, but instead of SCIM with a web page. Check the base URL.',
    ];
    for (const sentence of said) expect(withoutNames(sentence)).toBe(sentence);
  });

  it('R3 never hold a word that came with a person, whatever surrounds it', () => {
    const name = fc.stringMatching(/^[A-Z][a-z]{1,3}x[a-z]{2,6}$/);
    const around = fc.constantFrom('user ', 'the manager of ', '(', "'", '"', 'domain/', 'email: ', '\u202e', 'not ');
    fc.assert(
      fc.property(around, name, name, around, (before, given, family, after) => {
        const text = withoutNames(`${before}${given} ${family}${after} is not valid`);
        expect(text?.toLowerCase() ?? '').not.toContain(given.toLowerCase());
        expect(text?.toLowerCase() ?? '').not.toContain(family.toLowerCase());
      }),
    );
  });
});
