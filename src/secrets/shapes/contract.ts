/** What credentials look like by themselves: known to the rules that keep them out of templates, and to the code that keeps them out of logs. */

/** Where a word begins, also behind an escaped character of a URL or of JSON. */
export const WORD_START = String.raw`(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[bfnrt]))`;

/**
 * Sources of regular expressions so distinctive that nothing has to stand before them.
 * Minimum lengths are well below the documented ones, so that a key that was cut is still taken.
 */
export const DISTINCT_KEYS = [
  'sk-(?:proj|svcacct|admin|ant|or|lf)-[\\w-]{8,}', '[sr]k_(?:live|test)_[A-Za-z0-9]{8,}', 'whsec_[\\w+/=-]{16,}',
  'gh[pousr]_[A-Za-z0-9_.-]{16,}', 'github_pat_\\w{16,}', 'gl(?:pat|dt|rt|rtr|cbt|ptt|ft|soat|agent|oas|imt)-[\\w.=-]{16,}',
  'xox[a-z](?:\\.xox[a-z])?-[A-Za-z0-9-]{8,}', 'xapp-[A-Za-z0-9-]{16,}', 'hooks\\.slack\\.com/(?:services|workflows|triggers)/[\\w/-]{8,}', 'discord(?:app)?\\.com/api/webhooks/[\\w/-]{16,}',
  'AIza[\\w-]{30,}', 'GOCSPX-[\\w-]{16,}', 'ya29\\.[\\w.-]{16,}', 'bedrock-api-key-[\\w+/=-]{16,}', 'AccountKey=[\\w+/=-]{16,}',
  'npm_[A-Za-z0-9]{30,}', 'pypi-[\\w-]{30,}', 'dop_v1_[a-f0-9]{16,}', 'SG\\.[\\w-]{16,64}\\.[\\w-]{16,}', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{16,}', 'hvs\\.[\\w-]{16,}',
  'nvapi-[\\w-]{16,}', 'tvly-[\\w-]{16,}',
  // Password hashes of crypt(3) and of network devices (TS-17).
  '\\$(?:[15689]|14|2[abxy]|y|argon2(?:id?|d)|scrypt)\\$[\\w./$=,+-]{8,}',
] as const;

/** Sources of regular expressions short enough to end other words (`disk-…`, `calf_…`): they count at the start of a word. */
export const SHORT_KEYS = ['sk-[\\w-]{16,}', 'hf_[A-Za-z0-9]{16,}', 'r8_[A-Za-z0-9]{16,}', 'gsk_[A-Za-z0-9]{16,}', 'xai-[A-Za-z0-9]{16,}', 'pplx-[A-Za-z0-9]{16,}', 'ABSK[A-Za-z0-9+/=]{64,}'] as const;

/** The id of an access key of AWS: counts at the start of a word. */
export const AWS_KEY_ID = String.raw`(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])`;

/** How the block of a private key begins. */
export const PRIVATE_KEY_BEGIN = '-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Hex and base64, also as it stands in a URL; 32 characters are the shortest that a key of 128 bits takes in hex. */
const KEY_MATERIAL = /^(?:[A-Za-z0-9+/_=-]|%2[bBfF]|%3[dD]){32,}$/;

/** Random hex holds 3.5 bits a character or more, and random base64 over 4.3; numbers counted up and words of a path hold less. */
const MIN_HEX_BITS = 3;
const MIN_BASE64_BITS = 4;

/** Whether a text may be key material of 128 bits or more, as far as its characters tell. An UUID is taken for an identifier. */
export function mayBeKeyMaterial(text: string): boolean {
  if (UUID.test(text) || !KEY_MATERIAL.test(text)) return false;
  return bitsPerCharacter(text) >= (/^[0-9a-fA-F]+$/.test(text) ? MIN_HEX_BITS : MIN_BASE64_BITS);
}

/** Shannon entropy, in bits a character. */
export function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
}
