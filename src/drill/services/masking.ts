/** Three parts of a token, or the five of an encrypted one; the first begins with what `{"` is in base64url. */
const TOKEN = /\b(ey[\w-]{8,}\.[\w-]*)\.[\w-]+(?:\.[\w-]*)*/g;
const PRIVATE_KEY = /-----BEGIN[A-Z0-9 %+]*PRIVATE(?: |%20|\+)KEY[\s\S]*?(?:-----END[A-Z0-9 %+]*KEY-----|$)/g;
/** A line of a request or an answer; transcripts put `> ` or `< ` before it. */
const HEADER_LINE = /^([<>]? ?)(authorization|proxy-authorization|cookie|set-cookie|x-api-key)[ \t]*:[ \t]*([^\r\n]*)/gim;
/** The same headers in JSON, the way the sample Core repeats them; it may have been cut off in the middle. */
const HEADER_IN_JSON = /"(authorization|proxy-authorization|cookie|set-cookie|x-api-key)"\s*:\s*(?:\[\s*(?:"(?:[^"\\]|\\.)*(?:"|\\?$)[\s,]*)*(?:\]|$)|"(?:[^"\\]|\\.)*(?:"|\\?$))/gi;

const MASKED = '(masked)';

/** A text without what would let its reader in: signatures of tokens, cookies, API keys, private keys. Masking twice changes nothing. */
export function mask(text: string): string {
  return text
    .replace(PRIVATE_KEY, '(private key masked)')
    .replace(HEADER_IN_JSON, (_, name: string) => `"${name}":"${MASKED}"`)
    .replace(HEADER_LINE, (_, before: string, name: string, value: string) => `${before}${name}: ${maskedValue(name.toLowerCase(), value)}`)
    .replace(TOKEN, '$1.(signature masked)');
}

function maskedValue(name: string, value: string): string {
  switch (name) {
    case 'x-api-key': return MASKED;
    case 'cookie': return value.split(';').map(maskedCookie).join(';');
    // Only the first is the cookie; the rest says how it is kept.
    case 'set-cookie': return value.split(';').map((part, index) => index === 0 ? maskedCookie(part) : part).join(';');
    default: return maskedCredentials(value);
  }
}

function maskedCookie(cookie: string): string {
  const equals = cookie.indexOf('=');
  return equals < 0 ? MASKED : `${cookie.slice(0, equals + 1)}${MASKED}`;
}

/** The scheme stays, and a token, whose claims are worth reading and whose signature goes the way of all. */
function maskedCredentials(value: string): string {
  const [, scheme = '', credentials = ''] = /^(\S+[ \t]+)?(.*)$/.exec(value) ?? [];
  return /^ey[\w-]{8,}\.[\w-]*\.(?:[\w.-]*|\(signature masked\))$/.test(credentials) || credentials === '' ? value : `${scheme}${MASKED}`;
}
