/**
 * Requests that no HTTP client would send, as bytes: one character is one byte. `<HOST>`, `<PATH>` and `<CREDENTIAL>` (whole header lines, each with its
 * end) stand for what the server under test takes; see `bytesOf`. Every one has a good credential, so that only its form can be the reason, and those that
 * are forwarded are GETs of a declared path.
 */
export interface RawRequestCase {
  readonly name: string;
  readonly bytes: string;
  /**
   * `refused-by-parser`: no handler is called, and the server's `clientError` or `connect` answers or closes. `refused`: the hygiene throws.
   * `forwarded`: the Core gets it once.
   * Which of the first two it is was tried on Node 20, and may differ in another; that it is refused may not.
   */
  readonly expected: 'refused-by-parser' | 'refused' | 'forwarded';
  /** What is answered; absent where only the connection is closed, or where it does not matter. */
  readonly status?: number;
}

interface Draft {
  readonly line?: string;
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  /** Without Host and credential, if it is whole. */
  readonly lines?: readonly string[];
  readonly isWhole?: boolean;
  readonly body?: string;
}

const SECOND = 'GET /smuggled HTTP/1.1\r\nHost: <HOST>\r\n\r\n';

function drawn({ method = 'GET', target = '<PATH>', version = 'HTTP/1.1', line = `${method} ${target} ${version}`, lines = [], isWhole = false, body = '' }: Draft): string {
  return `${line}\r\n${isWhole ? '' : 'Host: <HOST>\r\n'}<CREDENTIAL>${lines.map((each) => `${each}\r\n`).join('')}\r\n${body}`;
}

const refused = (name: string, draft: Draft, status = 400): RawRequestCase => ({ name, bytes: drawn(draft), expected: 'refused', status });
const byParser = (name: string, draft: Draft, status?: number): RawRequestCase => ({ name, bytes: drawn(draft), expected: 'refused-by-parser', ...(status === undefined ? {} : { status }) });
const forwarded = (name: string, draft: Draft): RawRequestCase => ({ name, bytes: drawn(draft), expected: 'forwarded' });

const post = (lines: readonly string[], body = ''): Draft => ({ method: 'POST', lines, body });

export const RAW_REQUESTS: readonly RawRequestCase[] = [
  forwarded('a plain GET', {}),
  forwarded('header names in mixed case', { lines: ['aCCept: text/plain', 'X-Custom: a'] }),
  forwarded('a value with blanks around it', { lines: ['X-Custom:   a  '] }),
  forwarded('an empty line before the request', { line: '\r\nGET <PATH> HTTP/1.1' }),
  forwarded('a length of nothing on GET', { lines: ['Content-Length: 0'] }),
  forwarded('a list sent in two headers', { lines: ['Accept: text/plain', 'Accept: text/html'] }),

  byParser('both lengths', post(['Content-Length: 5', 'Transfer-Encoding: chunked'], `0\r\n\r\n${SECOND}`), 400),
  byParser('both lengths, the other way round', post(['Transfer-Encoding: chunked', 'Content-Length: 5'], `0\r\n\r\n${SECOND}`), 400),
  byParser('two lengths that differ', post(['Content-Length: 5', 'Content-Length: 6'], 'hello!'), 400),
  byParser('two lengths that agree', post(['Content-Length: 5', 'Content-Length: 5'], 'hello'), 400),
  byParser('a list of lengths', post(['Content-Length: 5, 5'], 'hello'), 400),
  byParser('a length with a plus', post(['Content-Length: +5'], 'hello'), 400),
  byParser('a negative length', post(['Content-Length: -5'], 'hello'), 400),
  byParser('a hexadecimal length', post(['Content-Length: 0x5'], 'hello'), 400),
  byParser('a length with a blank inside', post(['Content-Length: 5 5'], 'hello'), 400),
  byParser('an empty length', post(['Content-Length: '], 'hello'), 400),
  byParser('a length too large to count', post(['Content-Length: 99999999999999999999999'], 'hello'), 400),
  refused('a length with leading zeros', post(['Content-Length: 005'], 'hello')),
  refused('a length that is no exact number everywhere', post(['Content-Length: 9999999999999999'], 'hello')),

  refused('an encoding that ends in chunked', post(['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n')),
  refused('chunked in capitals', post(['Transfer-Encoding: CHUNKED'], '0\r\n\r\n')),
  byParser('chunked twice', post(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '0\r\n\r\n'), 400),
  byParser('an encoding that does not end in chunked', post(['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'), 400),
  refused('identity', post(['Transfer-Encoding: identity'], 'hello')),
  refused('an unknown encoding', post(['Transfer-Encoding: xchunked'], '0\r\n\r\n')),
  byParser('a tab before chunked and a length', post(['Transfer-Encoding:\tchunked', 'Content-Length: 3'], '0\r\n\r\n'), 400),
  byParser('an encoding behind a blank', post(['Transfer-Encoding : chunked'], '0\r\n\r\n'), 400),

  refused('a body on GET', { lines: ['Content-Length: 5'], body: 'hello' }),
  refused('a chunked body on GET', { lines: ['Transfer-Encoding: chunked'], body: '0\r\n\r\n' }),
  refused('a request as the body of a GET', { lines: [`Content-Length: ${SECOND.length}`], body: SECOND }),

  refused('no host', { isWhole: true }),
  refused('two hosts', { lines: ['Host: evil.test'] }),
  refused('one host twice', { lines: ['Host: <HOST>'] }),
  refused('a host with user information', { isWhole: true, lines: ['Host: user@<HOST>'] }),
  refused('a host with a path', { isWhole: true, lines: ['Host: <HOST>/x'] }),
  refused('a list of hosts', { isWhole: true, lines: ['Host: <HOST>, evil.test'] }),
  refused('an empty host', { isWhole: true, lines: ['Host:'] }),
  refused('a host with a blank', { isWhole: true, lines: ['Host: gate.test evil.test'] }),
  refused('a host with a last dot', { isWhole: true, lines: ['Host: gate.test.'] }),
  refused('a host with an underscore', { isWhole: true, lines: ['Host: gate_test'] }),

  refused('a header with an underscore', { lines: ['X_Auth_Request_User: admin'] }),
  refused('a header with a dot', { lines: ['X.Auth.Request.User: admin'] }),
  refused('a length with an underscore', post(['Content_Length: 5', 'Content-Length: 0'])),
  refused('two content types', post(['Content-Type: text/plain', 'Content-Type: application/json', 'Content-Length: 0'])),
  refused('two request ids', { lines: ['X-Request-Id: a', 'X-Request-Id: b'] }),
  refused('two traces', { lines: ['Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'] }),
  refused('two authorizations', { lines: ['Authorization: Bearer a', 'authorization: Bearer b'] }),
  refused('two API keys', { lines: ['X-API-Key: a', 'x-api-key: b'] }),
  refused('two cookies', { lines: ['Cookie: a=1', 'Cookie: b=2'] }),
  refused('two addresses', { lines: ['X-Forwarded-For: 192.0.2.1', 'X-Forwarded-For: 192.0.2.2'] }),
  refused('two subjects', { lines: ['X-Amzn-Mtls-Clientcert-Subject: CN=a', 'X-Amzn-Mtls-Clientcert-Subject: CN=b'] }),
  refused('another method in a header', post(['X-HTTP-Method-Override: DELETE', 'Content-Length: 0'])),
  refused('another path in a header', { lines: ['X-Original-URL: /admin'] }),
  byParser('a folded line', { lines: ['X-Custom: a', ' folded'] }, 400),
  byParser('a folded line by a tab', { lines: ['X-Custom: a', '\tfolded'] }, 400),
  byParser('a blank before the first header', { isWhole: true, lines: [' Host: <HOST>'] }, 400),
  byParser('a name with a blank', { lines: ['X Custom: a'] }, 400),
  byParser('a blank before the colon', { lines: ['X-Custom : a'] }, 400),
  byParser('no colon', { lines: ['X-Custom'] }, 400),
  byParser('no name', { lines: [': a'] }, 400),
  byParser('a NUL in a value', { lines: ['X-Custom: a\0b'] }, 400),
  byParser('a NUL in a name', { lines: ['X-Cus\0tom: a'] }, 400),
  byParser('a bare carriage return in a value', { lines: ['X-Custom: a\rb'] }, 400),
  byParser('a control in a value', { lines: ['X-Custom: a\x01b'] }, 400),
  byParser('a name outside ASCII', { lines: ['X-C\xe9: a'] }, 400),
  refused('a value outside ASCII', { lines: ['X-Custom: caf\xe9'] }),
  refused('a tab in a value', { lines: ['X-Custom: a\tb'] }),
  refused('more headers than anybody needs', { lines: Array.from({ length: 101 }, (_, at) => `X-H${at}: a`) }, 431),

  refused('a connection that names a header', { lines: ['Connection: close, authorization'] }),
  refused('a connection that names the identity', { lines: ['Connection: keep-alive, X-Auth-Request-User'] }),
  refused('an empty connection option', { lines: ['Connection: close,'] }),
  refused('an upgrade to HTTP/2', { lines: ['Connection: Upgrade', 'Upgrade: h2c'] }),
  refused('an upgrade to HTTP/2 with its settings', { lines: ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'] }),
  refused('an upgrade that the connection does not name', { lines: ['Upgrade: websocket'] }),
  refused('an upgrade to nothing', { lines: ['Connection: upgrade'] }),
  refused('an upgrade by POST', post(['Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: 0'])),
  refused('an expectation that nobody meets', post(['Expect: 200-ok', 'Content-Length: 0'])),

  refused('HTTP/1.0', { version: 'HTTP/1.0' }),
  refused('HTTP/0.9', { line: 'GET <PATH>' }),
  refused('HTTP/2.0', { version: 'HTTP/2.0' }),
  byParser('HTTP/1.2', { version: 'HTTP/1.2' }, 400),
  byParser('a version in small letters', { version: 'http/1.1' }, 400),
  byParser('the preface of HTTP/2', { line: 'PRI * HTTP/2.0', isWhole: true, body: 'SM\r\n\r\n' }, 400),
  refused('TRACE', { method: 'TRACE' }, 405),
  byParser('TRACK', { method: 'TRACK' }, 400),
  byParser('CONNECT', { line: 'CONNECT <HOST>:443 HTTP/1.1' }),
  byParser('an unknown method', { method: 'BREW' }, 400),
  byParser('a method in small letters', { method: 'get' }, 400),
  refused('a method of WebDAV', { method: 'PROPFIND' }, 405),
  refused('PURGE', { method: 'PURGE' }, 405),

  refused('absolute form', { target: 'http://<HOST><PATH>' }),
  refused('absolute form to elsewhere', { target: 'http://evil.test<PATH>' }),
  refused('an asterisk', { method: 'OPTIONS', target: '*' }),
  byParser('authority form', { target: '<HOST>' }, 400),
  refused('a double slash in front', { target: '/<PATH>' }),
  refused('a fragment', { target: '<PATH>#x' }),
  refused('an encoded dot segment', { target: '/x/%2e%2e<PATH>' }),
  refused('a doubly encoded dot segment', { target: '/x/%252e%252e<PATH>' }),
  refused('a dot segment', { target: '/x/..<PATH>' }),
  refused('a parameter', { target: '<PATH>;a=b' }),
  byParser('a backslash', { target: '\\x<PATH>' }, 400),
  refused('a NUL that is encoded', { target: '<PATH>%00' }),
  byParser('a raw NUL', { target: '<PATH>\0' }, 400),
  byParser('a blank in the target', { target: '<PATH> x' }, 400),
  byParser('a tab in the target', { target: '<PATH>\tx' }, 400),
  byParser('a byte outside ASCII in the target', { target: '<PATH>\xe9' }, 400),
  byParser('a control in the query', { target: '<PATH>?a=\x7f' }, 400),
  refused('a broken encoding in the query', { target: '<PATH>?a=%zz' }),
  forwarded('slashes and percent signs as data of a query', { target: '<PATH>?a=%2F%25%5C..//&b=c' }),

  byParser('lines that end in a line feed alone', { line: 'GET <PATH> HTTP/1.1\nX-Custom: a\nX-Other: b', lines: [] }, 400),
  byParser('a line that ends in a carriage return alone', { lines: ['X-Custom: a\rX-Other: b'] }, 400),
  byParser('TLS again', { line: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', isWhole: true }, 400),
  byParser('nothing but noise', { line: '\xff\xfe\xfd\x00\x01', isWhole: true }, 400),
];

/** @param to `credential`: header lines, each with its end */
export function bytesOf({ bytes }: RawRequestCase, to: { readonly host: string; readonly path: string; readonly credential: string }): string {
  return bytes.replaceAll('<HOST>', to.host).replaceAll('<PATH>', to.path).replaceAll('<CREDENTIAL>', to.credential);
}
