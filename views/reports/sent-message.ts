import type { SentReport } from '../../src/domain/reports/verbs/make.ts';
import { actions, button, context, type Message, type ModalView, message, section } from '../blocks.ts';
import { bold, channelMention, md, type Mrkdwn } from '../mrkdwn.ts';
import { messageAsModal } from '../notice.ts';
import { plural } from '../words.ts';
import { REPORT_WORDS } from './words.ts';

/** How many rows a report has, and where it is. */
export function sentMessage(sent: SentReport): Message {
  const line = md`${bold(REPORT_WORDS[sent.name].title)}: ${plural(sent.rows, 'row')}, ${place(sent)}.`;
  const kept =
    sent.keptFrom === null ? null : md`${channelMention(sent.keptFrom)} is shared with another workspace, has guests or can’t be looked at, so it went to you.`;
  const empty = 'Nothing fits what was asked for: the file holds the header only.';
  return message({
    text: md`${line}${kept === null ? '' : md` ${kept}`}${sent.rows === 0 ? ` ${empty}` : ''}`,
    blocks: [
      section(line),
      kept !== null && section(kept),
      sent.rows === 0 && section(empty),
      context(sent.file),
      actions([button({ text: 'New report', action: 'report.new' })]),
    ],
  });
}

/** The same where the person filled in the form. */
export function sentModal(sent: SentReport): ModalView {
  return { ...messageAsModal(sentMessage(sent)), callback_id: 'report.sent', title: { type: 'plain_text', text: 'Report sent', emoji: false } };
}

function place({ to }: SentReport): Mrkdwn {
  return 'channelId' in to ? md`in ${channelMention(to.channelId)}` : md`in your direct messages from Usher`;
}
