import { randomBytes } from 'node:crypto';
import { passedHeaderOf } from '../../../gate/headers/contract';
import { listed } from '../../../listed';
import type { Attack, AttackResult } from '../../attack';
import { type Attempt, forwardedAnswer, MAX_LISTED } from '../../attacks/attempts';
import type { WireRequest } from '../../scene';
import type { CoreAnswer } from '../../services/sample-core';
import { GATE_BYPASSED } from '../saboteurs';
import { type AtGate, defineGateAttack, verdict } from './define';
import { withoutScheme } from './passed';

type Carry = (text: string) => Readonly<Record<string, string>>;

const PARENT = `00-${'4bf92f3577b34da6'.repeat(2)}-00f067aa0ba902b7-01`;

const ROOT = 'Root=1-67891233-abcdef012345678912345678';

/** Every character as a percent sign and two digits, which who reads baggage undoes. */
export const escaped = (text: string): string => text.replace(/[!-~]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Headers by which a trace is continued, each well formed: nothing but what they carry is a reason to leave it out (W3C Trace Context and Baggage; ELB guide, "Request tracing"). */
export const CARRIERS: Readonly<Record<string, Carry>> = {
  'baggage': (text) => ({ baggage: `key=${text}` }),
  'baggage beside other members': (text) => ({ baggage: `tenant=acme,note=${text};ttl=1,region=eu` }),
  'baggage with percent signs': (text) => ({ baggage: `key=${escaped(text)}` }),
  'tracestate': (text) => ({ traceparent: PARENT, tracestate: `acme=${text}` }),
  'tracestate beside other members': (text) => ({ traceparent: PARENT, tracestate: `rojo=00f067aa0ba902b7,acme=${text}` }),
  'x-amzn-trace-id': (text) => ({ 'x-amzn-trace-id': `${ROOT};Note=${text}` }),
};

/** A key as the gate takes them, or as most know them. */
function keyLike({ gate }: AtGate): string {
  return `${gate.configuration.identity.key?.prefix ?? 'ctx_'}${randomBytes(32).toString('base64url')}`;
}

/** What a caller shows to be let in; none where a certificate is enough. */
function shownIn({ headers }: WireRequest, { gate }: AtGate): readonly string[] {
  const names = ['authorization', gate.configuration.identity.key?.header ?? 'x-api-key'];
  return Object.entries(headers).filter(([name]) => names.includes(name.toLowerCase())).map(([, value]) => withoutScheme(value));
}

/** What the Core is told of a request, and may put into its spans; where it is to be shown a credential, `IDN-7.gate-passed-credentials` looks at the header that shows it. */
async function toldTo({ gate, scene }: AtGate, request: WireRequest): Promise<string> {
  const { body } = await forwardedAnswer(scene, gate.open, request);
  const passed = passedHeaderOf(gate.configuration.core.passes);
  return JSON.stringify(Object.entries((JSON.parse(body) as CoreAnswer).headers).filter(([name]) => name !== passed));
}

const traces = defineGateAttack('RED-2', 'gate-traces', {
  tries: 'Calls with a good credential, and puts keys and tokens into every header by which a trace is continued, as they are and with percent signs.',
  expects: 'The Core, whose spans tell of its requests, is told none of them, but in the header in which it is to be shown one. The gate itself sends no span to anybody.',
  async run(at): Promise<AttackResult> {
    const { gate } = at;
    const told: string[] = [];
    const good = await gate.request();
    const own = shownIn(good, at);
    const plain = await toldTo(at, good);
    if (own.some((credential) => plain.includes(credential))) told.push('the header that it is shown in');
    for (const [name, carry] of Object.entries(CARRIERS)) {
      for (const credential of [keyLike(at), ...own]) {
        const request = await gate.request();
        const headers = await toldTo(at, { ...request, headers: { ...request.headers, ...carry(credential) } });
        if ([credential, escaped(credential)].some((text) => headers.includes(text))) told.push(name);
      }
    }
    const withstood = `The Core was told no credential in any of ${Object.keys(CARRIERS).length} forms.`;
    return verdict([...new Set(told)], (names) => `The Core was told a credential by ${listed(names, MAX_LISTED)}.`, withstood);
  },
  saboteurs: [GATE_BYPASSED],
});

/** Names under which credentials are put into a URL (RFC 6750, section 2.3, and common use). */
const NAMES = ['access_token', 'ACCESS_TOKEN', 'access-token', 'api_key', 'api-key', 'apikey', 'x-api-key', 'api%5fkey'];

/** The request with one pair more in its query. */
export function inQuery(request: WireRequest, pair: string): WireRequest {
  return { ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}${pair}` };
}

/** Pairs in which a credential stands under a name of one; a key is one under any name, and as a name. */
export function pairsWith(credential: string, key: string | undefined, header: string | undefined): readonly string[] {
  const keys = key === undefined ? [] : [`q=${key}`, `q=${escaped(key)}`, `${key}=`, `page=2&q=${key}`];
  return [...new Set([...NAMES, ...header === undefined ? [] : [header, header.replaceAll('-', '_')]])].map((name) => `${name}=${credential}`).concat(keys);
}

const keyInQuery = defineGateAttack('RED-5', 'gate-key-in-query', {
  tries: 'Sends good requests with a credential in the query besides, under the names that are in use, and keys under any name.',
  expects: 'All are refused before the Core hears of them, and no line of the gate holds the credential. What a load balancer logs of a URL is the rules\' to look at.',
  async run(at): Promise<AttackResult> {
    const { gate } = at;
    const { key } = gate.configuration.identity;
    const text = keyLike(at);
    const good = await gate.request();
    const [credential = text] = shownIn(good, at);
    const attempts: Attempt[] = [];
    for (const pair of pairsWith(credential, key && text, key?.header)) {
      attempts.push({ name: `a credential as ${pair.replaceAll(credential, '…').replaceAll(text, '…').replaceAll(escaped(text), '…')}`, request: inQuery(await gate.request(), pair) });
    }
    const result = await at.tryAll(attempts);
    if (result.verdict === 'succeeded') return result;
    const written = [credential, text, escaped(text)].filter((secret) => gate.output().includes(secret));
    return verdict(written, () => 'The gate has written what was in the query.', `None of ${attempts.length} requests reached the Core, and none of what was in their queries has been written.`);
  },
  saboteurs: [GATE_BYPASSED],
});

export const REPEATED_ATTACKS: readonly Attack[] = [traces, keyInQuery];
