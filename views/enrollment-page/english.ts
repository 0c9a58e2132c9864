import { html } from './html.ts';
import type { Words } from './words.ts';

const attempts = (left: number): string => (left === 1 ? '1 attempt is left' : `${left} attempts are left`);

export const ENGLISH: Words = {
  locale: 'en-GB',
  name: 'English',
  languages: 'Language',
  site: 'Enrollment',
  invitation: {
    title: (application) => html`Accept your invitation to ${application}`,
    greeting: (name, organization, application) => html`${name}, ${organization} has an account for you in ${application}. It is yours once you accept.`,
    facts: { person: 'For', application: 'Account in', until: 'Until' },
    until: (day) => `end of ${day}`,
    accept: 'Accept the invitation',
    acceptWithout: 'Accept without a token',
    withToken: 'With your token',
    withoutToken: 'Without a token',
    or: 'or',
    aboutWithout: 'Nobody gave you a token? Accept without one.',
    serial: 'Serial number of your token',
    serialHint: 'It is printed on the token you were handed. Blanks and hyphens don’t matter.',
    acceptToken: 'Accept with this token',
    notYou: (name) => html`You aren’t ${name}? Close this page, and tell whoever sent you the mail.`,
  },
  problem: {
    mark: 'Problem',
    heading: 'That was not accepted',
    empty: 'Type the serial number of your token.',
    shape: 'This is too long for a serial number. Type only the number that is printed on the token; this did not count as an attempt.',
    wrong: (left) => `This serial number is not one that can be used. Compare it with your token; ${attempts(left)}.`,
    before: (left) => `${attempts(left)} before your invitation is locked.`,
  },
  noSeat: {
    title: 'No seat is free right now',
    body: (application, organization, until) => html`
      <p>Every seat of ${application} is taken. You are not enrolled yet, and nothing is lost: your link keeps working until the ${until}.</p>
      <p><strong>Ask your admin at ${organization}.</strong> They see that you are waiting and can add a seat. The next free seat goes to whoever asks first, so try again later.</p>`,
    again: 'Try again',
  },
  enrolled: {
    title: 'You are enrolled',
    body: (application) => html`Your account in ${application} is yours.`,
    bodyUnnamed: 'Your account is yours.',
    steps: ['Open it and sign in the way your organization told you.', 'Does it not know you yet? Give it a few minutes.'],
    keepToken: 'Keep your token: you will need it to sign in.',
    help: (organization) =>
      html`Something is wrong? Ask your admin${organization === null ? null : html` at ${organization}`}. You can close this page; the link in your mail has done its work.`,
  },
  used: { title: 'You have accepted already' },
  locked: {
    title: 'Your invitation is locked',
    body: (organization) => html`
      <p>Too many wrong serial numbers were typed, so this link stopped working. Nothing else happened to your account.</p>
      <p><strong>Ask your admin${organization === null ? null : html` at ${organization}`} to re-issue your invitation.</strong> You get a new mail with a new link. Have the token at hand when you ask.</p>`,
  },
  expired: {
    title: 'Your invitation has expired',
    body: (until, organization) => html`
      <p>${until === null ? 'Its time is over.' : html`It could be accepted until the ${until}.`}</p>
      <p><strong>Ask your admin${organization === null ? null : html` at ${organization}`} for more time.</strong> Once they extend it, this link works again.</p>`,
  },
  removed: {
    title: 'Your invitation was withdrawn',
    body: (organization) => html`
      <p>An admin took it back, so this link no longer works.</p>
      <p>You think that is a mistake? <strong>Ask your admin${organization === null ? null : html` at ${organization}`}.</strong></p>`,
  },
  unknown: {
    title: 'This link does not work',
    body: html`
      <p>It may have been used already, or a newer mail has replaced it, or part of it was cut off.</p>
      <ul>
        <li>You accepted before? Then you are done: sign in to the application.</li>
        <li>You have several mails? Open the link of the newest one.</li>
        <li>You copied the link? Copy the whole of it, to the last letter.</li>
      </ul>
      <p>None of these? <strong>Ask your admin to send the mail again.</strong></p>`,
  },
  root: {
    title: 'Here people accept their invitations',
    body: html`<p>You were invited to an application? Open the link in the mail that you got: it is personal.</p><p>You have no mail? Ask your admin to send it again.</p>`,
  },
  notFound: {
    title: 'There is no such page',
    body: html`<p>You followed a link from a mail? Open it there again, or copy the whole of it, to the last letter.</p>`,
  },
  notAllowed: { title: 'That can’t be done here', body: html`<p>Nothing was changed. Open the link in your mail again.</p>` },
  unreadable: { title: 'That could not be read', body: html`<p>Nothing was changed. Open the link in your mail again, and use the button of the page.</p>` },
  tooLarge: {
    title: 'That was too long',
    body: html`<p>Nothing was changed. Open the link in your mail again, and type only the serial number of your token.</p>`,
  },
  forbidden: {
    title: 'This did not come from the page itself',
    body: html`<p>So nothing was changed. Open the link in your mail again, and use the button of the page.</p>`,
  },
  tooMany: (seconds) => ({
    title: 'Too many requests',
    body: html`<p>Your network asked for too many pages at once. Nothing was changed, and your link still works: open it again in ${seconds === 1 ? '1 second' : `${seconds} seconds`}.</p>`,
  }),
  apology: (reference) => ({
    title: 'Something went wrong on our side',
    body: html`
      <p>It can’t be said whether anything was changed. Open the link in your mail again: it shows where you stand.</p>
      <p>It goes on like this? Tell your admin the reference <code>${reference}</code>.</p>`,
  }),
  openAgain: 'Open my invitation again',
};
