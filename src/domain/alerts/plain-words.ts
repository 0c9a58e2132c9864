import { SCIM_ATTRIBUTES } from '../connectors/mapping.ts';
import { withoutIds } from '../sync/cause.ts';

/** Words of provisioning errors. A text made of these alone can name nobody; words that are common names (`may`, `will`, `grant`, `mark`) are left out. */
const WORDS = `
a about above access account accounts active activated add added address addresses administrator after all allowed already also an and another any api are array as at
attribute attributes authentication authorization authorized available bad be because been before being belongs below between blank blocked body boolean both but by
cannot case change changed character characters check code conflict conflicting conflicts connect connection contact contain contains could create created creating current
data database deactivated decimal default delete deleted denied deprecated directory disabled do does doesn domain domains duplicate during each either email emails empty enabled
endpoint enough enterprise entity entry error errors exactly exceed exceeded exceeds exist existing exists expected expired external fail failed failure false field fields filter first
for forbidden format found from full group groups has have header http https id identifier in inactive incorrect input insufficient integer internal into invalid is isn it its
item items json key least length licence licences license licenses limit limits list locked longer longest lookup maintenance malformed many match matches matching maximum member members
method minimum missing more most multiple must mutable name names national no non none not null number numbers object of off on one only operation operations or other out over
parameter parse password patch path permission permissions phone please plan pool possible prefix primary privileges processing properties property provided provisioning query quota
range rate reached read readonly received record recognized refused reject rejected remove removed request requests require required requires reserved resource resources response retry role roles
same schema schemas scim seat seats send sent server service services set short should size some specified standard start state status string string strings such suffix supported syntax
target temporarily tenant than that the their them there these this those time timed timeout to token too true try type types unable unauthorized unavailable under unexpected unique
uniqueness unknown unprocessable unrecognized unsupported until update updated url use used user users uses using valid validation value values verified verify version violates violation
was were when which while with without work write wrong you your
`;

/** What Usher itself adds, of networks, TLS, web pages and secrets (C8, X7): without these its own sentences would be all ellipses. */
const OURS = `
accept again allows answer answered answers ask authority base can can't certificate certificates chain changes choose clocks closed compare
configured did didn didn't doesn't down elsewhere enter erased expects follow give go here holds how inside instead isn't itself know listens listing
look machine machines made make makes mistake name named needs new nobody nothing old older operator port reached reconnect redirect redirects
reference renew restart revoked route running runs saying sealed secret secrets shutting signed something speak stopped stored such tls total typing
usher version vouches web went whole why yet
`;

const KNOWN = new Set([
  ...WORDS.trim().split(/\s+/),
  ...OURS.trim().split(/\s+/),
  ...SCIM_ATTRIBUTES.flatMap(({ path }) => path.match(/\p{L}+/gu) ?? []).map((word) => word.toLowerCase()),
  'externalid',
  'e-mail',
  'e-mails',
  'web page',
  'self-signed',
  'mib',
]);

/** A word, or anything else that could spell one: only the blanks and signs of ASCII are let through unread. */
const WORD = /(?:e-mails?|web page|self-signed|(?:ca|did|does|is)n't)(?![\p{L}\p{M}\p{N}])|[\p{L}\p{M}\p{N}]+|[^ -~“”…]+/giu;

/** A text of fewer known words than this tells nothing. */
const FEWEST = 2;

/**
 * A provider's words for a place where no personal data may stand (R3): every word that is not of the language of
 * provisioning errors becomes an ellipsis, so no name can be left. Null where that leaves nothing to read.
 */
export function withoutNames(text: string): string | null {
  let known = 0;
  const words = withoutIds(text).replace(WORD, (word) => {
    if (!KNOWN.has(word.toLowerCase())) return '…';
    known += 1;
    return word;
  });
  return known < FEWEST ? null : words.replace(/…(?:[\s'’.,:;/_@-]*…)+/gu, '…');
}
