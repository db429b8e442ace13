import { malformed } from './malformed';

/** Our figure: routes have 126 characters at most, and what stands below a subtree is a name or two. */
const MAX_LENGTH = 2048;

/** What a segment may hold as it is (RFC 3986, `pchar`), without `;`, at which some servers cut a segment off. */
const CHARACTERS = /^(?:\/(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%[0-9A-F]{2})*)+$/;

/** Encoded bytes of ASCII. */
const ENCODED_ASCII = /%[0-7][0-9A-F]/g;

/** The ASCII characters that a path cannot hold otherwise, and that mean nothing in one: blank " < > [ ] ^ ` { | } */
const HAVE_TO_BE_ENCODED: ReadonlySet<string> = new Set(['%20', '%22', '%3C', '%3E', '%5B', '%5D', '%5E', '%60', '%7B', '%7C', '%7D']);

/** Invisible: controls, joiners and direction marks, private use, separators of lines. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u;

/**
 * Refuses a path that two servers could read differently (M-29): whatever passes is the only spelling of what it names.
 *
 * So a character that may stand in a path as it is has to (`%63`, `%40` and `%2E` are refused), encoded bytes are in capitals, as every encoder writes
 * them, and are characters of UTF-8 in their normal form: `%EF%BC%8F`, a wide slash, is a slash to some. What gives a path its structure may not
 * stand in it encoded either: / \ % ; ? # and controls. A trailing slash is another path, and the policy's to judge.
 */
export function checkPath(path: string): void {
  if (path.length > MAX_LENGTH) throw malformed('path-length');
  // Absolute and authority form, and `*`: nobody but a proxy is asked so.
  if (!path.startsWith('/')) throw malformed('path-form');
  if (!CHARACTERS.test(path)) throw malformed('path-characters');
  const segments = path.split('/').slice(1);
  if (segments.slice(0, -1).includes('')) throw malformed('path-empty-segment');
  if (segments.some((segment) => /^\.+$/.test(segment))) throw malformed('path-dot-segment');
  if (path.includes('%')) checkEncoding(path, segments);
}

function checkEncoding(path: string, segments: readonly string[]): void {
  if (path.match(ENCODED_ASCII)?.some((encoded) => !HAVE_TO_BE_ENCODED.has(encoded))) throw malformed('path-encoding');
  const decoded = segments.map(decode);
  if (decoded.some((segment) => segment.normalize('NFKC') !== segment || INVISIBLE.test(segment))) throw malformed('path-unicode');
  // Some servers cut blanks off.
  if (decoded.some((segment) => segment.trim() !== segment)) throw malformed('path-blank');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw malformed('path-encoding');
  }
}
