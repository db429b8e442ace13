import { mayBeKeyMaterial } from './contract';

/** Names of what is as long and as random as a key, and meant to be known: `AUTH0_CLIENT_ID`, `GIT_SHA`, `CONFIG_HASH`, `JWT_PUBLIC_KEY`. */
const PUBLIC_NAME = /(^|_)(IDS?|ARNS?|SHA\d*|MD5|(PUBLIC|PUB)_?KEYS?|HASH(ES)?|DIGESTS?|CHECKSUMS?|COMMIT|REVISION|ETAG|FINGERPRINTS?|THUMBPRINTS?|INTEGRITY|NONCE|TRACEPARENT|CERT(IFICATE)?S?)$/i;

/** What is taken out before anything is judged: it is random by nature and secret to nobody. */
const PUBLIC_PARTS = [
  /-----BEGIN (?:CERTIFICATE|PUBLIC KEY)-----[^-]*-----END [A-Z ]+-----/g,
  /\b(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+)\s+[\w+/=]+/g,
  /\bdata:[\w.+-]+\/[\w.+-]+(?:;[\w=-]+)*,[\w+/=%-]*/g,
  /\bsha(?:1|256|384|512)[:-][\w+/=-]+/gi,
  /\barn:[^\s"',;]+/g,
  /\bmrk-[0-9a-f]{32}\b/g,
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi,
  /\bBearer\b|\bBasic\b/g,
];

/** The parts of a URL that programs put keys in: the user, and the values of the query. */
const URL_TEXT = /\b[a-z][a-z0-9+.-]*:\/\/(?:([^\s/?#@"']*)@)?[^\s?#"',;]*(?:\?([^\s#"']*))?/gi;
const QUERY_ENDS = /[&=]/;

/** What separates words in a list, in JSON, in a command line, or around a hole of the template. */
const WORD_ENDS = /[\s"'`,;:|&<>(){}[\]\\$@]+|=(?=[^=])/;

/** A name of a host or of a file, and everything from the root of a disk on. */
const DOTTED_NAME = /^[\w/-]+(?:\.[\w-]+)*\.[a-z]{2,10}$/i;
const PATH = /^[.~]?\//;

/** As `git` and the model hubs name a revision. */
const COMMIT = /^[0-9a-f]{40}$/;

/** What tools put behind names that somebody chose: CloudFormation 12 or 13 random characters, and CDK 8 digits of hex behind each logical id. */
const MADE_ENDS = [/-[A-Za-z0-9]{12,13}$/, /(?<=[A-Za-z0-9])[0-9A-F]{8}(?![A-Za-z0-9])/g];

/**
 * How many of all neighbours have to be of two kinds (small, capital, digit), where a capital that begins a word does not count.
 * Among random characters it is 0.47 in hex, 0.42 in base64, 0.30 in base32, each ± 0.08 in 40 of them; in names of models, stacks and services it is less than this.
 */
const MIN_MIXED_SHARE = 0.22;

/**
 * Whether a text holds a value that nobody would write by hand: 128 bits or more in hex or base64.
 *
 * Not taken for one: UUIDs, ARNs, digests, commits, certificates, host names, paths, names that CloudFormation makes, and what its name says is public.
 *
 * @param name of the variable, where it has one
 */
export function looksRandom(text: string, name = ''): boolean {
  if (PUBLIC_NAME.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_'))) return false;
  const bare = PUBLIC_PARTS.reduce((rest, part) => rest.replace(part, ' '), text);
  const fromUrls = [...bare.matchAll(URL_TEXT)].flatMap(([, user = '', query = '']) => [user, ...query.split(QUERY_ENDS)]);
  return [...bare.replace(URL_TEXT, ' ').split(WORD_ENDS), ...fromUrls].some(isRandomWord);
}

function isRandomWord(word: string): boolean {
  if (PATH.test(word) || COMMIT.test(word) || DOTTED_NAME.test(word) || !mayBeKeyMaterial(word)) return false;
  const chosen = /^[A-Z]/i.test(word) ? MADE_ENDS.reduce((rest, end) => rest.replace(end, ''), word) : word;
  return isMixed(word) && isMixed(chosen);
}

/** Whether its letters and digits change kind as often as random ones do. */
function isMixed(word: string): boolean {
  const changes = word.match(/(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[0-9]|(?<=[0-9])[A-Za-z]/g) ?? [];
  return changes.length / (word.length - 1) >= MIN_MIXED_SHARE;
}
