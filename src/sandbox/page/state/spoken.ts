/** Codes that the workspace itself tells the person about, as a notice or under the field. */
const toldElsewhere = new Set(['operation_timeout', 'dispatch_failed', 'bad_ack', 'unknown_command', 'not_supported_in_threads', 'client_validation', 'busy']);

/** The workspace's error codes in words, or null for those that it tells in its own way. A code without words is shown as it is: it is the name to search for. */
export function spokenError(code: string): string | null {
  if (toldElsewhere.has(code)) return null;
  switch (code) {
    case 'channel_not_found':
      return 'There is no such channel for you.';
    case 'not_in_channel':
      return 'You are not in that channel. Join it first.';
    case 'is_archived':
      return 'This channel is archived. Nothing can be said in it.';
    case 'view_not_found':
    case 'view_not_on_top':
      return 'That window is closed already.';
    case 'message_not_found':
      return 'That message is gone.';
    case 'file_too_large':
      return 'A file can have at most 10 MB here.';
    case 'file_type_not_allowed':
      return 'This form does not take files of that kind.';
    case 'too_many_files':
      return 'This form takes no more files.';
    case 'element_not_found':
    case 'option_not_offered':
      return 'That changed while you were looking. Try again on what is shown now.';
    default:
      return code.includes(' ') ? code : `That did not work: ${code}`;
  }
}
