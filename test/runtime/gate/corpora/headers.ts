import { IDENTITY_HEADERS } from '../../../../src/gate/contract';

/** Names and values in turn, as Node gives them, beside a good Host. */
export interface HeaderCase {
  readonly why: string;
  readonly rawHeaders: readonly string[];
}

const twice = (name: string): HeaderCase => ({ why: `${name} twice`, rawHeaders: [name, 'a', name.toUpperCase(), 'a'] });

export const REFUSED_HEADERS: readonly HeaderCase[] = [
  ...[
    'authorization', 'x-api-key', 'content-type', 'content-length', 'host', 'x-request-id', 'traceparent', 'cookie', 'x-forwarded-for', 'x-amzn-mtls-clientcert-subject',
    'x-amzn-mtls-clientcert-leaf', 'x-amzn-oidc-identity', 'x-amzn-trace-id', 'x-anything', 'origin', 'range', 'user-agent', 'transfer-encoding', 'connection', 'upgrade', 'expect', 'te',
  ].map(twice),
  { why: 'an underscore', rawHeaders: ['x_auth_request_user', 'a'] },
  { why: 'an underscore in a name of framing', rawHeaders: ['content_length', '0'] },
  { why: 'a prototype as name', rawHeaders: ['__proto__', 'a'] },
  ...['', ' ', 'x header', 'x:', 'x.y', 'x!', 'x(y)', 'x/y', 'x~', 'x\ty', 'x\0', 'x\xe9', 'x\u212a', ':authority',
    `x${'y'.repeat(128)}`].map((name) => ({ why: `the name ${JSON.stringify(name)}`, rawHeaders: [name, 'a'] })),
  ...['a\r\nx: y', 'a\nb', 'a\rb', 'a\0', 'a\tb', 'a\x7f', 'caf\xe9', '\u202e', 'a\r\n folded'].map((value) => ({ why: `the value ${JSON.stringify(value)}`, rawHeaders: ['x-custom', value] })),
  ...['x-http-method', 'x-http-method-override', 'x-method-override', 'x-original-url', 'x-rewrite-url'].map((name) => ({ why: name, rawHeaders: [name, '/admin'] })),
  ...['authorization', 'x-auth-request-user', 'close, x-custom', 'keep-alive, host', 'content-length', 'proxy-authorization', 'http2-settings', '', 'close,', ', close', 'close close']
    .map((options) => ({ why: `the connection ${JSON.stringify(options)}`, rawHeaders: ['connection', options] })),
  ...['h2c', 'websocket, h2c', 'TLS/1.0', '', 'websocket/13'].map((protocol) => ({ why: `an upgrade to ${JSON.stringify(protocol)}`, rawHeaders: ['connection', 'upgrade', 'upgrade', protocol] })),
  { why: 'an upgrade that the connection does not name', rawHeaders: ['upgrade', 'websocket'] },
  { why: 'an upgrade that names nothing', rawHeaders: ['connection', 'upgrade'] },
  ...['200-ok', '', '100-continue, x'].map((expectation) => ({ why: `the expectation ${JSON.stringify(expectation)}`, rawHeaders: ['expect', expectation] })),
];

export const ACCEPTED_HEADERS: readonly HeaderCase[] = [
  { why: 'nothing else', rawHeaders: [] },
  { why: 'lists in several headers', rawHeaders: ['accept', 'a/b', 'Accept', 'c/d', 'via', '1.1 a', 'via', '1.1 b', 'tracestate', 'a=1', 'tracestate', 'b=2'] },
  { why: 'an empty value', rawHeaders: ['x-custom', ''] },
  { why: 'every visible character', rawHeaders: ['x-custom', Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('')] },
  { why: 'a WebSocket', rawHeaders: ['Connection', 'keep-alive, Upgrade', 'Upgrade', 'WebSocket', 'Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version', '13'] },
  { why: 'a connection that stays', rawHeaders: ['connection', 'Keep-Alive', 'keep-alive', 'timeout=5'] },
  { why: 'trailers welcome', rawHeaders: ['connection', 'te', 'te', 'trailers'] },
  { why: 'an expectation', rawHeaders: ['expect', '100-Continue'] },
  { why: 'a certificate', rawHeaders: ['x-amzn-mtls-clientcert-subject', 'CN=alice,O=Acme'] },
];

export const REFUSED_HOSTS: readonly string[] = [
  '', ' ', 'user@gate.test', 'user:pass@gate.test', 'gate.test/', 'gate.test/x', 'gate.test?x', 'gate.test#x', 'gate.test, evil.test', 'gate.test evil.test', 'gate_test', 'gate.test.',
  '.gate.test', 'gate..test',
  '-gate.test', 'gate-.test', 'gate.test:', 'gate.test:0', 'gate.test:065', 'gate.test:99999', 'gate.test:https', 'gate.test:443:443', '::1', '[::1', '[:::1]', '[::1%25eth0]', '[gate.test]',
  'gate%2etest', 'gate.t\xe9st', 'http://gate.test',
  '*', `${'a'.repeat(64)}.test`, `${'a.'.repeat(127)}test`,
];

export const ACCEPTED_HOSTS: readonly string[] = ['gate.test', 'GATE.test', 'gate.test:8443', 'localhost', '10.0.12.7:8443', '[::1]', '[2001:db8::7]:8443', 'xn--caf-dma.test', 'a-b.test',
  `${'a'.repeat(63)}.test`];

/** What no Core may hear from a caller, whatever the configuration: a forged copy of any must vanish. */
export const FORGED_HEADERS: readonly string[] = [
  ...IDENTITY_HEADERS,
  'authorization', 'x-api-key', 'proxy-authorization', 'proxy', 'x-forwarded-user', 'x-forwarded-preferred-username', 'x-forwarded-client-cert', 'x-forwarded-host', 'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-prefix', 'x-forwarded', 'forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip', 'x-original-uri', 'x-original-method', 'x-envoy-original-path',
  'x-auth-request-preferred-username',
  'x-amzn-mtls-clientcert', 'x-amzn-mtls-clientcert-serial-number', 'x-amzn-mtls-clientcert-issuer', 'x-amzn-mtls-clientcert-subject', 'x-amzn-mtls-clientcert-validity',
  'x-amzn-mtls-clientcert-leaf',
  'x-amzn-mtls-anything-new', 'x-amzn-tls-version', 'x-amzn-waf-label', 'x-ssl-client-cert', 'x-ssl-client-s-dn', 'ssl-client-verify', 'x-client-cert-subject', 'x-remote-user-email',
  'connection', 'keep-alive', 'te', 'trailer', 'upgrade', 'expect', 'transfer-encoding', 'http2-settings', 'sec-websocket-key',
];
