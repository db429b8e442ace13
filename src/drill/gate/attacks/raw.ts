import { listed } from '../../../listed';
import type { Attack, AttackResult } from '../../attack';
import { MAX_LISTED } from '../../attacks/attempts';
import type { WireRequest } from '../../scene';
import type { CoreAnswer } from '../../services/sample-core';
import { GATE_BYPASSED } from '../saboteurs';
import { type AtGate, defineGateAttack, verdict } from './define';

type Lines = readonly (readonly [string, string])[];

interface RawDraft {
  readonly method?: string;
  readonly headers: Lines;
  readonly body?: string;
}

/** Written as it is: whoever counts on a client to make it well-formed is not attacked by one. */
function bytesOf({ path, ...request }: WireRequest, { method = request.method, headers, body = '' }: RawDraft): string {
  return `${method} ${path} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

interface RawAttempt {
  readonly name: string;
  readonly bytes: string;
}

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nhost: drill.test\r\n\r\n';

/** Without the wish that the connection be closed. */
function staying(headers: Lines): Lines {
  return headers.filter(([name]) => name !== 'connection');
}

/** Requests that show nothing, where the server may be busy with something else than asking for it. */
function anonymous(request: WireRequest, own: Lines, bare: Lines): RawAttempt[] {
  const upgrade = (...more: Lines): Lines => [...staying(bare), ...more];
  const toHttp2 = upgrade(['connection', 'Upgrade, HTTP2-Settings'], ['upgrade', 'h2c'], ['http2-settings', 'AAMAAABkAARAAAAAAAIAAAAA']);
  const toSocket = upgrade(['connection', 'Upgrade'], ['upgrade', 'websocket'], ['sec-websocket-version', '13'], ['sec-websocket-key', 'ZHJpbGwtZHJpbGwtZHJpbA==']);
  return [
    { name: 'a switch to HTTP/2 without credentials', bytes: bytesOf(request, { headers: toHttp2 }) },
    { name: 'a switch to WebSocket without credentials', bytes: bytesOf(request, { method: 'GET', headers: toSocket }) },
    {
      name: 'a second request without credentials on the connection of a good one',
      bytes: [staying(own).filter(([name]) => name !== 'x-drill-canary'), bare].map((headers) => bytesOf(request, { headers })).join(''),
    },
  ];
}

/** Requests in a form that two servers may read differently. All have a good credential, unless they are about having none: nothing but their form can be the reason to refuse them. */
function ambiguous(request: WireRequest, credentials: readonly string[], canary: string): RawAttempt[] {
  const own: Lines = [...Object.entries({ host: 'drill.test', ...request.headers }), ['x-drill-canary', canary], ['connection', 'close']];
  const bare = own.filter(([name]) => !credentials.includes(name.toLowerCase()));
  const raw = (name: string, draft: RawDraft): RawAttempt => ({ name, bytes: bytesOf(request, draft) });
  return [
    ...own.filter(([name]) => credentials.includes(name.toLowerCase())).flatMap(([name, value]) => [
      raw(`${name} twice, the good one first`, { headers: [...own, [name, 'Bearer x']] }),
      raw(`${name} twice, the good one last`, { headers: [[name, 'Bearer x'], ...own] }),
      raw(`${name} twice, with another capital`, { headers: [...bare, [name.toUpperCase(), value], [name, value]] }),
      raw(`a blank behind ${name}`, { headers: [...bare, [`${name} `, value]] }),
      raw(`${name} in a trailer`, {
        method: 'POST', headers: [...bare, ['transfer-encoding', 'chunked'], ['trailer', name]], body: `0\r\n${name}: ${value}\r\n\r\n`,
      }),
    ]),
    raw('two hosts', { headers: [...own, ['host', 'attacker.example']] }),
    raw('a body on GET', { method: 'GET', headers: [...own, ['content-length', '5']], body: 'hello' }),
    raw('a chunked body on GET', { method: 'GET', headers: [...own, ['transfer-encoding', 'chunked']], body: '5\r\nhello\r\n0\r\n\r\n' }),
    raw('a request as the body of a GET', { method: 'GET', headers: [...own, ['content-length', String(SMUGGLED.length)]], body: SMUGGLED }),
    raw('both lengths', { method: 'POST', headers: [...own, ['content-length', '5'], ['transfer-encoding', 'chunked']], body: `0\r\n\r\n${SMUGGLED}` }),
    raw('two lengths', { method: 'POST', headers: [...own, ['content-length', '5'], ['content-length', '6']], body: 'hello!' }),
    raw('chunked twice', { method: 'POST', headers: [...own, ['transfer-encoding', 'chunked'], ['transfer-encoding', 'chunked']], body: '0\r\n\r\n' }),
    // A certificate that is enough by itself is shown with every connection.
    ...(bare.length === own.length ? [] : anonymous(request, own, bare)),
  ];
}

/** What a caller may name in `Connection`, so that a proxy takes it off before the Core is told (RFC 9110, section 7.6.1). */
async function untold({ gate, scene }: AtGate, request: WireRequest): Promise<readonly string[]> {
  const { identityHeader, scopesHeader, keyHeader } = gate.configuration.core;
  const lost: string[] = [];
  for (const name of [identityHeader, scopesHeader, keyHeader].filter((each) => each !== undefined)) {
    const canary = scene.canary();
    const raw = bytesOf(request, { headers: [...Object.entries({ host: 'drill.test', ...request.headers }), ['x-drill-canary', canary], ['connection', `close, ${name}`]] });
    const answer = await scene.sendRaw(gate.open, raw, request);
    if (scene.reached(canary) > 0 && toldIn(answer)[name] === undefined) lost.push(name);
  }
  return lost;
}

function toldIn(answer: string): CoreAnswer['headers'] {
  const json = answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1);
  return (JSON.parse(json) as CoreAnswer).headers;
}

const rawRequests = defineGateAttack('TLS-7', 'gate-raw-requests', {
  tries: 'Sends bytes that no client would: credentials twice or in trailers, ambiguous lengths, bodies on GET, switches of protocol, and headers named in Connection.',
  expects: 'The Core hears of none that could be read in two ways, whether the edge or the gate refuses it, and is always told who called.',
  async run(at): Promise<AttackResult> {
    const { gate, scene } = at;
    const request = await gate.request();
    const credentials = ['authorization', gate.configuration.identity.key?.header ?? 'x-api-key'];
    const plain = scene.canary();
    await scene.sendRaw(gate.open, bytesOf(request, { headers: [...Object.entries({ host: 'drill.test', ...request.headers }), ['x-drill-canary', plain], ['connection', 'close']] }), request);
    if (scene.reached(plain) === 0) throw new Error('a good request in bytes was not served');
    const through: string[] = [];
    const count = ambiguous(request, credentials, '').length;
    for (let index = 0; index < count; index += 1) {
      const canary = scene.canary();
      const { name, bytes } = ambiguous(request, credentials, canary)[index] ?? { name: '', bytes: '' };
      scene.note(`Trying ${name}`);
      await scene.sendRaw(gate.open, bytes, request);
      if (scene.reached(canary) > 0) through.push(name);
    }
    const lost = await untold(at, request);
    if (lost.length > 0) return { verdict: 'succeeded', saw: `The Core was not told ${listed(lost, MAX_LISTED)}, since the caller had named it in Connection.` };
    return verdict(through, (names) => `The Core was reached with ${listed(names, MAX_LISTED)}.`, `None of ${count} requests in two readings reached the Core, and it was told who called.`);
  },
  saboteurs: [GATE_BYPASSED],
});

export const RAW_ATTACKS: readonly Attack[] = [rawRequests];
