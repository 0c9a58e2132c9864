import type { Offboarding, OffboardingStep } from '../../src/domain/halts/offboarding.ts';
import type { OffboardingModel } from '../../src/domain/halts/verbs/offboard.ts';
import { actions, button, context, type Message, message, section } from '../blocks.ts';
import { bold, date, md, mention, type Mrkdwn } from '../mrkdwn.ts';
import { count, plural } from '../words.ts';

/** Applications told one by one; the rest is counted. */
const STEPS = 25;
/** Of a provider's words. */
const WORDS = 200;

/** An off-boarding as one message that is edited in place: the result per application (S25). It names somebody, so it stands in direct messages only. */
export function offboardingCard(model: OffboardingModel): Message {
  const { offboarding, timeZone } = model;
  const { name, by, at, why, steps, released } = offboarding;
  const line = headline(offboarding);
  const order = [...steps].sort((a, b) => RANK[a.state.is] - RANK[b.state.is]);
  return message({
    text: line,
    blocks: [
      section(line),
      ...order.slice(0, STEPS).map((step) => section(stepLine(step, model))),
      order.length > STEPS && context(`and ${plural(order.length - STEPS, 'more application')}`),
      section(
        released === null
          ? md`${name} stays out, whatever the directory says, until somebody lets them back in.`
          : md`Let back in by ${mention(released.by)}, ${date(released.at, timeZone)}: the next sync decides by the directory again.`,
      ),
      actions([released === null && button({ text: 'Let back in…', action: 'offboard.release', value: offboarding.personId })]),
      context(md`Off-boarded by ${mention(by)}, ${date(at, timeZone)}${why === null ? '' : md`: ${why}`}`),
    ],
  });
}

/** `Off-boarding Lee Okafor: 2 of 3 applications confirmed`. */
function headline({ name, steps, released }: Offboarding): Mrkdwn {
  if (released !== null) return md`${bold(`${name} is let back in`)}`;
  const accounts = steps.filter(({ state }) => state.is !== 'no-account');
  const confirmed = accounts.filter(({ state }) => state.is === 'confirmed').length;
  if (accounts.length === 0) return md`✓ ${bold(`${name} is off-boarded`)}: no account in any application`;
  if (confirmed === accounts.length) return md`✓ ${bold(`${name} is off-boarded`)}: ${plural(confirmed, 'application')} confirmed it`;
  return md`${bold(`Off-boarding ${name}`)}: ${count(confirmed)} of ${plural(accounts.length, 'application')} confirmed it`;
}

/** What needs somebody stands first. */
const RANK: Readonly<Record<OffboardingStep['state']['is'], number>> = { failed: 0, protected: 1, waiting: 2, confirmed: 3, 'no-account': 4 };

function stepLine({ connectorId, state }: OffboardingStep, { applications, timeZone }: OffboardingModel): Mrkdwn {
  const name = bold(applications.get(connectorId) ?? connectorId);
  switch (state.is) {
    case 'waiting':
      return md`… ${name} · being deactivated`;
    case 'failed':
      return md`✕ ${name} · not confirmed, ${state.attempts === 1 ? 'tried once' : `tried ${count(state.attempts)} times`}: ${state.error.slice(0, WORDS)} · tried again ${date(state.next, timeZone)}`;
    case 'confirmed':
      return md`✓ ${name} · deactivated, ${date(state.at, timeZone)}`;
    case 'no-account':
      return md`– ${name} · no account; none is made`;
    case 'protected':
      return md`● ${name} · stays: they are protected there (${state.why})`;
  }
}
