import { HSTS_MIN_SECONDS } from '../../../ingress/response-headers';
import type { ControlId } from '../../../controls';
import { listed } from '../../../listed';
import type { Attack } from '../../attack';
import { answerTo, forwardedAnswer, marked, MAX_LISTED } from '../../attacks/attempts';
import { maxAgeOf } from '../../attacks/max-age';
import type { WireAnswer, WireRequest } from '../../scene';
import { ANSWER_HEADER, type CoreAnswer } from '../../services/sample-core';
import { GATE_BYPASSED, gateSaboteur, variableSaboteur } from '../saboteurs';
import { type AtGate, defineGateAttack, verdict, withHeader, withoutHeader } from './define';

const FOREIGN_ORIGIN = 'https://attacker.example';
const DEVELOPMENT_ORIGIN = 'https://localhost:3000';

/** Origins that are none of those listed, and look like one. */
function nearMisses(origins: readonly string[]): string[] {
  const near = origins.flatMap((origin) => {
    const [scheme = '', host = ''] = origin.split('://');
    return [`http://${host}`, `${origin}.attacker.example`, `${scheme}://attacker${host}`, `${scheme}://attacker.${host}`, `${origin}:444`, `${origin}/`, `${origin}@attacker.example`,
      `${scheme}://${host.replace('.', 'x')}`,
      `${origin} ${FOREIGN_ORIGIN}`, `${origin},${FOREIGN_ORIGIN}`, origin.replace('https', 'HTTPS'), `${origin}%00.attacker.example`, `${origin}\\.attacker.example`,
      `${scheme}://${host.toUpperCase()}`];
  });
  return [FOREIGN_ORIGIN, 'null', '*', '', ...near].filter((origin) => !origins.includes(origin));
}

const DEVELOPMENT = [DEVELOPMENT_ORIGIN, 'http://localhost', 'http://localhost:3000', 'http://127.0.0.1', 'http://127.0.0.1:5173', 'http://0.0.0.0', 'http://[::1]', 'http://host.docker.internal',
  'http://169.254.169.254', 'http://10.0.0.5:3000', 'file://', 'https://127.0.0.1'];

/** What a careless Core would say to everybody. */
const CARELESS = { 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true', 'access-control-allow-headers': '*' };

/** Answers to a page of each origin: to its preflight, and to its request, with a Core that would let everybody read. */
async function asPage({ gate, scene }: AtGate, origin: string): Promise<readonly WireAnswer[]> {
  const request = withHeader(withHeader(await gate.request(), 'origin', origin), ANSWER_HEADER, JSON.stringify({ headers: CARELESS }));
  const preflight = withoutHeader({ ...request, method: 'OPTIONS', headers: { ...request.headers, 'access-control-request-method': request.method } }, 'authorization');
  const answers = [await answerTo(scene, gate.open, preflight), await answerTo(scene, gate.open, request)];
  return answers.filter((answer) => answer !== undefined);
}

function originsWith(name: string, origin: string) {
  return gateSaboteur(name, (configuration) => ({
    ...configuration,
    cors: configuration.cors === undefined ? { origins: [origin], credentials: true, headers: [], maxAgeSeconds: 600 } : { ...configuration.cors, origins: [...configuration.cors.origins, origin] },
  }));
}

function defineOrigins(control: 'HDR-1' | 'HDR-6', aspect: string, tries: string, originsOf: (listedOrigins: readonly string[]) => readonly string[], added: string): Attack {
  return defineGateAttack(control, aspect, {
    tries,
    expects: 'No answer names the origin, or any, as one that may read it.',
    async run(at) {
      const origins = originsOf(at.gate.configuration.cors?.origins ?? []);
      const allowed: string[] = [];
      for (const origin of origins) if ((await asPage(at, origin)).some(({ headers }) => headers['access-control-allow-origin'] !== undefined)) allowed.push(`"${origin}"`);
      return verdict(allowed, (names) => `Pages of ${listed(names, MAX_LISTED)} may read answers.`, `None of ${origins.length} origins may read anything.`);
    },
    saboteurs: [originsWith(`${added} may read answers`, added), GATE_BYPASSED],
  });
}

const foreignOrigins = defineOrigins('HDR-1', 'gate-origins', 'Calls as pages of origins that are not listed, and look like those that are.', nearMisses, FOREIGN_ORIGIN);
const developmentOrigins = defineOrigins('HDR-6', 'gate-development-origins', 'Calls as pages of a developer\'s machine.', (known) => DEVELOPMENT.filter((origin) => !known.includes(origin)),
  DEVELOPMENT_ORIGIN);

const anyOrigin = defineGateAttack('HDR-2', 'gate-credentials-for-all', {
  tries: 'Calls as pages of listed and other origins, with a Core that lets everybody read with credentials.',
  expects: 'No answer says * together with credentials, and none allows credentials to an origin that is not listed.',
  async run(at) {
    const known = at.gate.configuration.cors?.origins ?? [];
    const wrong: string[] = [];
    for (const origin of [...known, FOREIGN_ORIGIN, 'null']) {
      const isLoose = ({ headers: { 'access-control-allow-origin': allowed, 'access-control-allow-credentials': credentials } }: WireAnswer): boolean => (
        credentials !== undefined && (allowed === undefined || allowed === '*' || !known.includes(allowed))
      );
      if ((await asPage(at, origin)).some(isLoose)) wrong.push(`"${origin}"`);
    }
    return verdict(wrong, (names) => `Credentials are allowed to ${listed(names, MAX_LISTED)} without being meant for them.`,
      `Credentials are allowed to none but the ${known.length} origins that are listed.`);
  },
  saboteurs: [GATE_BYPASSED],
});

interface Refused {
  readonly name: string;
  readonly request: WireRequest;
}

/** One request for every way in which a gate refuses. */
async function refusals({ gate }: AtGate): Promise<Refused[]> {
  const request = await gate.request();
  const bare = withoutHeader(request, 'authorization', gate.configuration.identity.key?.header ?? 'x-api-key');
  return [
    { name: 'without credentials', request: bare },
    { name: 'with a bad path', request: { ...request, path: `${gate.draft().path}%00` } },
    { name: 'with an unknown method', request: { ...request, method: 'PROPFIND' } },
    { name: 'with a bad credential', request: withHeader(bare, 'authorization', 'Bearer x') },
    { name: 'as a preflight of nobody', request: { ...bare, method: 'OPTIONS', headers: { ...bare.headers, 'origin': FOREIGN_ORIGIN, 'access-control-request-method': 'GET' } } },
  ];
}

/** Whether a listener's own words are the answer: a rule that takes exact paths does not pass others on. Gate and Core both answer in JSON. */
function isOfBalancer({ headers, body }: WireAnswer): boolean {
  return headers['x-request-id'] === undefined && !body.startsWith('{');
}

function defineOnRefusals(control: ControlId, header: string, expects: string, holds: (value: string | undefined) => boolean): Attack {
  return defineGateAttack(control, 'gate-refusals', {
    tries: `Has the gate refuse in every way that it has, and looks at the ${header} header of what it answers.`,
    expects: `${expects} on every one of them.`,
    async run(at) {
      const without: string[] = [];
      const all = await refusals(at);
      for (const { name, request } of all) {
        const answer = await answerTo(at.scene, at.gate.open, request);
        if (answer !== undefined && !isOfBalancer(answer) && !holds(answer.headers[header])) without.push(`${answer.status} ${name}`);
      }
      return verdict(without, (names) => `${header} is missing or weak on ${listed(names, MAX_LISTED)}.`, 'Every refusal has it.');
    },
    saboteurs: [GATE_BYPASSED],
  });
}

/** Headers in which a caller could say where he comes from, or where he wants to be. */
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port', 'x-forwarded-prefix', 'x-forwarded-server', 'x-real-ip', 'x-client-ip',
  'true-client-ip', 'cf-connecting-ip', 'x-cluster-client-ip', 'x-original-url', 'x-rewrite-url', 'x-http-method-override'];
const FORGED_ADDRESS = '203.0.113.66';

const forwarding = defineGateAttack('HDR-7', 'gate-forged-forwarding', {
  tries: 'Sends good requests with forwarding headers of the caller\'s own, and looks at what the Core receives.',
  expects: 'Nothing of what was forged reaches the Core: it is told the address that the load balancer saw, and https.',
  async run({ gate, scene }) {
    const through: string[] = [];
    for (const name of FORWARDING) {
      const value = name === 'forwarded' ? `for=${FORGED_ADDRESS}` : FORGED_ADDRESS;
      const canary = scene.canary();
      const answer = await answerTo(scene, gate.open, marked(withHeader(await gate.request(), name, value), canary));
      if (scene.reached(canary) === 0 || answer === undefined) continue;
      if (JSON.stringify((JSON.parse(answer.body) as CoreAnswer).headers).includes(FORGED_ADDRESS)) through.push(name);
    }
    return verdict(through, (names) => `The Core received what was forged in ${listed(names, MAX_LISTED)}.`, `None of ${FORWARDING.length} headers reached the Core as forged.`);
  },
  saboteurs: [GATE_BYPASSED],
});

const logs = defineGateAttack('RED-1', 'gate-logs', {
  tries: 'Sends canaries in headers, credentials, cookies, paths, queries and bodies, good and bad, and reads what the gate has written.',
  expects: 'No line of the gate holds any of them.',
  async run({ gate, scene }) {
    const places: Readonly<Record<string, (request: WireRequest, canary: string) => WireRequest>> = {
      'a header': (request, canary) => withHeader(request, 'x-drill', canary),
      'a header\'s name': (request, canary) => withHeader(request, `x-${canary}`, 'drill'),
      'the query': (request, canary) => ({ ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}token=${canary}` }),
      'a path': (request, canary) => ({ ...request, path: `/${canary}` }),
      'a bad path': (request, canary) => ({ ...request, path: `/${canary}%00` }),
      'a cookie': (request, canary) => withHeader(request, 'cookie', `session=${canary}`),
      'a bearer token': (request, canary) => withHeader(request, 'authorization', `Bearer ${canary}`),
      'an API key': (request, canary) => withHeader(request, gate.configuration.identity.key?.header ?? 'x-api-key', `${gate.configuration.identity.key?.prefix ?? ''}${canary}`),
      'a request id': (request, canary) => withHeader(request, 'x-request-id', canary.repeat(8)),
      'the user agent': (request, canary) => withHeader(request, 'user-agent', canary),
      'a body': (request, canary) => ({ ...request, method: 'POST', headers: { ...request.headers, 'content-type': 'application/json' }, body: JSON.stringify({ prompt: canary }) }),
      'an answer that fails': (request, canary) => withHeader(request, ANSWER_HEADER, JSON.stringify({ status: 500, headers: { 'x-reason': canary } })),
    };
    const written: string[] = [];
    for (const [name, place] of Object.entries(places)) {
      const canary = scene.canary();
      await answerTo(scene, gate.open, place(await gate.request(), canary));
      if (gate.output().includes(canary)) written.push(name);
    }
    return verdict(written, (names) => `The gate has written what was in ${listed(names, MAX_LISTED)}.`, `Nothing of what was in ${Object.keys(places).length} places has been written.`);
  },
  // What Node and the HTTP client say of themselves, when asked to.
  saboteurs: [variableSaboteur('NODE_DEBUG', 'undici,http')],
});

const errors = defineGateAttack('RED-3', 'gate-errors', {
  tries: 'Has the Core fail with a secret in its body and headers, and looks at what callers receive.',
  expects: 'The caller receives the gate\'s own words, and no header that tells of what the Core is made.',
  async run({ gate, scene }) {
    const leaked: string[] = [];
    const wishes: readonly number[] = [500, 502, 503];
    for (const status of wishes) {
      const canary = scene.canary();
      const wish = JSON.stringify({ status, headers: { 'x-powered-by': canary, 'server': `careless/${canary}`, 'content-type': 'text/plain' } });
      const { body, headers } = await forwardedAnswer(scene, gate.open, withHeader(await gate.request(), ANSWER_HEADER, wish));
      if (body.includes(canary) || JSON.stringify(headers).includes(canary)) leaked.push(String(status));
    }
    return verdict(leaked, (statuses) => `What the Core wrote into its answers ${listed(statuses, MAX_LISTED)} reached the caller.`,
      `Of all ${wishes.length} failures the caller received nothing that the Core wrote.`);
  },
  saboteurs: [GATE_BYPASSED],
});

const hop = defineGateAttack('TLS-5', 'gate-plaintext-hop', {
  tries: 'Speaks plain HTTP to what the load balancer connects to.',
  expects: 'Nothing answers in plain HTTP.',
  async run({ scene, target }) {
    const hops = scene.hop(target.listener, target.rule);
    const plain: string[] = [];
    for (const to of hops) {
      const answer = await scene.sendPlain(to, `GET /.gate/health HTTP/1.1\r\nhost: ${to.host}\r\nconnection: close\r\n\r\n`);
      if (/^HTTP\/1\.\d 2\d\d/.test(answer)) plain.push(`port ${to.port}`);
    }
    return verdict(plain, () => 'What the load balancer connects to answers in plain HTTP.', `None of ${hops.length} tasks answered in plain HTTP.`);
  },
  saboteurs: [GATE_BYPASSED],
});

export const ANSWER_ATTACKS: readonly Attack[] = [
  foreignOrigins, anyOrigin, developmentOrigins, forwarding, logs, errors, hop,
  defineOnRefusals('HDR-3', 'x-content-type-options', 'nosniff', (value) => value?.toLowerCase() === 'nosniff'),
  defineOnRefusals('HDR-4', 'x-frame-options', 'DENY', (value) => value?.toUpperCase() === 'DENY'),
  defineOnRefusals('HDR-5', 'strict-transport-security', `max-age of a year (${HSTS_MIN_SECONDS}) or more`, (value) => maxAgeOf(value) >= HSTS_MIN_SECONDS),
];
