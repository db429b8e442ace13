import { hex } from './credential-shapes';

/** Where a credential of a known shape turns up in a text. */
export const TEXT_PLACES: Readonly<Record<string, (secret: string) => string>> = {
  'alone': (secret) => secret,
  'in a sentence': (secret) => `refused ${secret}, asked again`,
  'at the end of a sentence': (secret) => `The caller sent ${secret}.`,
  'in JSON': (secret) => JSON.stringify({ a: secret, b: 1 }),
  'in JSON in JSON, behind a line break': (secret) => JSON.stringify({ a: JSON.stringify({ b: `\n${secret}` }) }),
  'in JSON, deep down': (secret) => JSON.stringify({ a: [{ b: { c: ['x', secret] } }] }, undefined, 2),
  'in a path': (secret) => `GET /v1/${secret}/models HTTP/1.1`,
  'in a query of another name': (secret) => `GET /?q=${secret}&x=1`,
  'percent-encoded in a query': (secret) => `GET /?q=${encodeURIComponent(secret)}&x=1`,
  'behind an escaped sign': (secret) => `GET /?next=a%3D${secret}%26b`,
  'in brackets': (secret) => `(${secret}) [${secret}] <${secret}>`,
  'in a header of another name': (secret) => `x-request-id: ${secret}`,
  'in an authorization header': (secret) => `authorization: Bearer ${secret}`,
  'in a cookie': (secret) => `cookie: theme=dark; sid=${secret}`,
  'as a name': (secret) => JSON.stringify({ [secret]: 'bob' }),
  'in the message of an error': (secret) => `Error: connect ECONNREFUSED with ${secret}\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1595:16)`,
  'in a frame of a stack': (secret) => `TypeError: x is not a function\n    at Object.<anonymous> (/app/${secret}.js:1:7)\n    at node:internal/main/run_main_module:23:47`,
  'in a line of CSV': (secret) => `2030-01-02,bob,${secret},200`,
  'in a shell': (secret) => `$ export X=${secret} && curl -s https://core.acme.internal/v1`,
  'in Markdown': (secret) => `Use \`${secret}\` as **the key**.`,
  'in an element': (secret) => `<td>${secret}</td>`,
  'between ids': (secret) => `${hex(32)} ${secret} ${hex(16)}`,
};

/** Where it turns up in a structure. */
export const VALUE_PLACES: Readonly<Record<string, (secret: string) => unknown>> = {
  'under any name': (secret) => ({ a: secret }),
  'in a list': (secret) => [1, 'x', secret],
  'deep down': (secret) => ({ a: [{ b: { c: { d: [secret] } } }] }),
  'as a name': (secret) => ({ [secret]: 1 }),
  'in the message of an error': (secret) => new Error(`refused ${secret}`),
  'in the cause of an error': (secret) => new Error('refused', { cause: new Error(`refused ${secret}`) }),
  'in a property of an error': (secret) => Object.assign(new Error('refused'), { config: { url: `https://a.acme.com/${secret}` } }),
  'in headers': (secret) => ({ headers: { 'x-trace': secret } }),
  "in Node's raw headers": (secret) => ['Host', 'x', 'Authorization', `Bearer ${secret}`, 'X-Other', secret],
  'in a map': (secret) => new Map([['a', secret]]),
  'in a URL': (secret) => new URL(`https://core.acme.com/v1?q=${encodeURIComponent(secret)}`),
};

/** What is left of a secret, in pieces long enough to be of use to somebody; also as whoever undoes percent signs has it. */
export function leaks(output: string, secret: string): boolean {
  const pieces = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...(secret.length >= 24 ? [secret.slice(-20)] : [])];
  return pieces.some((piece) => output.includes(piece));
}
