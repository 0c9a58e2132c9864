/**
 * Slack's limits by name, in one place (SLACK.md section 2; the smaller number where sources conflict). Texts are
 * counted in UTF-16 units: never fewer than code points, so right whichever of the two Slack counts.
 */
export const LIMITS = {
  messageBlocks: 50,
  viewBlocks: 100,
  /** Bytes of JSON; Slack's is 250 KB. */
  viewBytes: 250_000,
  viewTitle: 24,
  metadata: 3_000,
  id: 255,
  /** The top-level `text` of a message: `chat.update` takes 4,000 characters, an ephemeral 4,000 bytes. */
  fallback: 3_000,
  fallbackBytes: 4_000,
  text: 3_000,
  field: 2_000,
  fields: 10,
  header: 150,
  contextElements: 10,
  actionsElements: 25,
  label: 2_000,
  hint: 2_000,
  placeholder: 150,
  url: 3_000,
  altText: 2_000,
  imageTitle: 2_000,
  buttonText: 75,
  buttonValue: 2_000,
  accessibilityLabel: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  optionText: 75,
  optionDescription: 75,
  optionValue: 75,
  selectOptions: 100,
  optionGroups: 100,
  groupLabel: 75,
  overflowOptions: 5,
  checkOptions: 10,
  inputLength: 3_000,
  tableRows: 100,
  tableColumns: 20,
  tableCharacters: 10_000,
  /** Ours: longer cells make a table unreadable. */
  tableCell: 200,
} as const;
