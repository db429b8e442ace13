import { AWS_KEY_ID, bitsPerCharacter, DISTINCT_KEYS, PRIVATE_KEY_BEGIN, SHORT_KEYS, WORD_START } from '../../../secrets/shapes/contract';

export const REDACTED = '[REDACTED]';

/**
 * What a secret looks like by itself.
 *
 * To stay linear, no pattern has anything to match after a repetition without a bound: what was read is either consumed or shorter than a fixed length.
 * Where more has to be judged, `redact` does so over what was consumed.
 */
interface Shape {
  readonly pattern: RegExp;
  /** @default - all of it is replaced */
  readonly redact?: (match: string) => string;
}

/** A scheme and what follows, unless that is a word of a sentence such as "Basic authentication". */
const AUTHORIZATION = /\b(?:bearer|basic|negotiate|dpop|ntlm)(?:[ \t]|%20|\+){1,4}[\w.~+/=%-]{6,}/gi;

/** The secret next to its id: in a list of credentials, a line of a CSV file, a tuple. */
const AWS_SECRET_BESIDE = String.raw`(?:[\s"',;:|/\\]{1,8}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+]))?`;

/** As random as an AWS secret access key by itself, of which 999 in 1000 hold more than this many bits a character (measured in the test); no word of its own says what it is. */
const MIN_AWS_SECRET_BITS = 4.4;

/** Those of `DISTINCT_KEYS` that have signs in them which a query has escaped. */
const ESCAPED_KEYS = [
  String.raw`(?:hooks\.slack|discord(?:app)?)\.com%2[fF](?:services|workflows|triggers|api%2[fF]webhooks)(?:[\w-]|%2[fF]){8,}`,
  String.raw`%24(?:[15689]|14|2[abxy]|y|argon2(?:id?|d)|scrypt)%24(?:[\w.=,+-]|%2[fFbBcC]|%24|%3[dD]){8,}`,
];

/** @param keyPrefix what our own API keys begin with */
export function shapesWith(keyPrefix: string): readonly Shape[] {
  const own = `${keyPrefix.replace(/[^A-Za-z0-9_]/g, '\\$&')}[\\w-]{12,}`;
  return [
    // `eyJ` is `{"` in base64: a signed or an encrypted token, as soon as a second part follows; also one whose signature was cut off.
    // Before shorter ones, of which hundreds of random characters may hold one by chance: what was cut out of its middle would leave the rest behind.
    { pattern: /eyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g, redact: (match) => (/\.[\w-]{4}/.test(match) ? REDACTED : match) },
    { pattern: new RegExp(own, 'g') },
    { pattern: new RegExp([...DISTINCT_KEYS, ...ESCAPED_KEYS].join('|'), 'g') },
    { pattern: new RegExp(`${WORD_START}(?:${SHORT_KEYS.join('|')})`, 'g') },
    { pattern: AUTHORIZATION, redact: redactCredentials },
    { pattern: new RegExp(`${WORD_START}${AWS_KEY_ID}${AWS_SECRET_BESIDE}`, 'g') },
    // What temporary credentials of STS begin with; their length is not documented and may change.
    { pattern: /(?:IQoJb3JpZ2luX2Vj|FwoGZXIvYXdz|FQoGZXIvYXdz|FQoDYXdz)[\w+/=%-]{32,}/g },
    { pattern: /(?<![\w/+=.-]|base64,)[A-Za-z0-9/+]{40}(?![\w/+=-])/g, redact: (match) => (looksLikeAwsSecret(match) ? REDACTED : match) },
    // A PEM file in base64, as in a kubeconfig.
    { pattern: /LS0tLS1CRUdJTi[\w+/=-]{16,}/g, redact: (match) => (/PRIVATE KEY/.test(Buffer.from(match.slice(0, 80), 'base64').toString('latin1')) ? REDACTED : match) },
    { pattern: /(?<=:\/\/)[^\s/?#"'<>]{1,512}@/g, redact: (match) => (/^[a-z-]{1,16}@$/.test(match) ? match : `${REDACTED}@`) },
    // A password with a slash in it, which should have been escaped; a port and a path are none.
    { pattern: /(?<=:\/\/)[^\s/?#"'<>@:]{0,128}:(?!\d{1,5}[/?#])[^\s"'<>@]{1,256}@/g, redact: () => `${REDACTED}@` },
    // Of persons (TG-65).
    { pattern: /(?<![\w.+%-])[\w.+%-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])/g, redact: (match) => (match.startsWith('git@') ? match : REDACTED) },
    // Configuration of network devices (TS-17), where a name and its value stand apart: `enable secret 9 …`, `snmp-server community …`.
    { pattern: /\b(?:password|secret|key|key-string|md5|community|passphrase|ascii)[ \t]{1,4}[0-9][ \t]{1,4}[^\s"]{4,}/gi, redact: lastWord },
    { pattern: /\b(?:enable|privilege[ \t]{1,4}\d{1,2}|username[ \t]{1,4}\S{1,64})[ \t]{1,4}(?:password|secret)[ \t]{1,4}\S{1,}/gi, redact: lastWord },
    { pattern: /\b(?:snmp-server community|(?:tacacs|radius)-server key|pre-shared-key|wpa-psk)[ \t]{1,4}\S{1,}/gi, redact: lastWord },
    { pattern: /(?<![\w-])--?(?:[a-z0-9]{1,20}[-_]){0,3}(?:password|passwd|passphrase|secret|token|api-?key)[ \t]{1,4}(?!-)\S{1,}/gi, redact: lastWord },
  ];
}

/** The blocks of private keys; one whose end was cut off goes on to the end of the text. */
export function redactPrivateKeys(text: string): string {
  const begin = new RegExp(PRIVATE_KEY_BEGIN, 'g');
  let redacted = '';
  let from = 0;
  for (let found = begin.exec(text); found; found = begin.exec(text)) {
    redacted += text.slice(from, found.index) + REDACTED;
    const end = text.indexOf('-----END', begin.lastIndex);
    const close = end === -1 ? -1 : text.indexOf('-----', end + '-----END'.length);
    if (close === -1) return redacted;
    from = close + '-----'.length;
    begin.lastIndex = from;
  }
  return redacted + text.slice(from);
}

function redactCredentials(match: string): string {
  const [, scheme = '', credentials = ''] = /^([a-z]+(?:[ \t]|%20|\+)+)(.*)$/i.exec(match) ?? [];
  // The second is the next field of a line: `token_type=Bearer expires_in=3600`.
  return (credentials.length < 20 && /^[A-Z]?[a-z]+[.,]?$/.test(credentials)) || /^[a-z_]{1,32}=[^=]/.test(credentials) ? match : `${scheme}${REDACTED}`;
}

function lastWord(match: string): string {
  return match.slice(0, Math.max(match.lastIndexOf(' '), match.lastIndexOf('\t')) + 1) + REDACTED;
}

function looksLikeAwsSecret(text: string): boolean {
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text) && bitsPerCharacter(text) >= MIN_AWS_SECRET_BITS;
}
