import { randomBytes, randomUUID } from 'node:crypto';
import { IDENTITY_HEADERS } from '../../../gate/contract';
import { listed } from '../../../listed';
import type { Attack } from '../../attack';
import { answerTo, type Attempt, marked, MAX_LISTED } from '../../attacks/attempts';
import { nowInSeconds, withoutCredentials } from '../../attacks/tokens';
import type { WireRequest } from '../../scene';
import type { CoreAnswer } from '../../services/sample-core';
import { proofsAt, tokensOf } from '../callers';
import { GATE_BYPASSED, gateSaboteur } from '../saboteurs';
import { routesFor, together, wantsOf } from '../wants';
import { type AtGate, defineGateAttack, takesKeys, takesTokens, withHeader, withoutHeader } from './define';

const GARBAGE = ['', 'Basic ZHJpbGw6ZHJpbGw=', 'Bearer', 'Bearer ', 'Bearer x', 'Bearer null', 'Bearer e30.e30.', 'Negotiate e30=', 'ctx_drill', 'Bearer ctx_drill'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

/** The request of somebody with nothing to show. */
function stripped({ gate, target }: AtGate, request: WireRequest): WireRequest {
  return withoutHeader({ ...withoutCredentials(request, target), client: request.client }, 'authorization', gate.configuration.identity.key?.header ?? 'x-api-key');
}

/** Where a token is looked for by some server; by the gate, in Authorization alone. */
const OTHER_PLACES = ['x-authorization', 'proxy-authorization', 'x-forwarded-authorization', 'x-access-token', 'x-amzn-oidc-accesstoken', 'x-amzn-oidc-data', 'token'];

/** A token that would let its bearer in, where none belongs. */
async function misplaced(at: AtGate): Promise<Attempt[]> {
  const { headers } = await at.gate.request({ proof: 'token' });
  const shown = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  if (shown === undefined) return [];
  const request = stripped(at, await at.gate.request());
  const token = shown.replace(/^\S+ /, '');
  return [
    ...OTHER_PLACES.map((name) => ({ name: `a good token in ${name}`, request: withHeader(request, name, shown) })),
    ...OTHER_PLACES.map((name) => ({ name: `a good token in ${name}, without its prefix`, request: withHeader(request, name, token) })),
    { name: 'a good token in a cookie', request: withHeader(request, 'cookie', `authorization=${token}`) },
    { name: 'a good token in the query', request: { ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}access_token=${token}` } },
  ];
}

const anonymous = defineGateAttack('IDN-1', 'gate-strangers', {
  tries: 'Calls the gate by every method without credentials, with worthless ones, with good tokens where none belongs, and on what it answers by itself to anybody.',
  expects: 'The gate answers by itself, and its Core hears of none.',
  // Where a certificate is the only proof there is nobody without.
  needs: 'gate that takes something other than certificates alone',
  matches: ({ identity }) => identity.accept.every((proofs) => proofs.some((proof) => proof !== 'certificate')),
  async run(at) {
    const request = stripped(at, await at.gate.request());
    const { core, cors, key } = { ...at.gate.configuration, key: at.gate.configuration.identity.key?.header ?? 'x-api-key' };
    const tokens = takesTokens(at.gate.configuration, at.target.listener.tls?.clients?.mode === 'verify') ? await misplaced(at) : [];
    return at.tryAll([
      ...tokens,
      { name: 'no credentials', request },
      ...METHODS.filter((method) => method !== request.method).map((method) => ({ name: `${method} and no credentials`, request: { ...request, method } })),
      ...GARBAGE.map((value) => ({ name: `Authorization "${value}"`, request: withHeader(request, 'authorization', value) })),
      ...GARBAGE.map((value) => ({ name: `${key} "${value}"`, request: withHeader(request, key, value) })),
      { name: 'a preflight', request: { ...request, method: 'OPTIONS',
        headers: { ...request.headers, 'origin': cors?.origins[0] ?? 'https://attacker.example', 'access-control-request-method': request.method } } },
      { name: 'a preflight without an origin', request: { ...request, method: 'OPTIONS' } },
      ...[core.healthCheckPath, `${core.healthCheckPath}?x=1`, '/.gate/health', '/.gate/health?x=1'].map((path) => ({ name: `GET ${path}`, request: { ...request, method: 'GET', path } })),
      { name: `POST ${core.healthCheckPath}`, request: { ...request, method: 'POST', path: core.healthCheckPath } },
    ]);
  },
  saboteurs: [GATE_BYPASSED],
});

/** Other spellings of a header's name that some server takes for the name itself. */
const SPELLINGS: readonly ((name: string) => string)[] = [(name) => name, (name) => name.toUpperCase(), (name) => name.replaceAll('-', '_'), (name) => name.replace(/^x-/, 'X_'), (name) => `${name}.`];

const forged = defineGateAttack('IDN-7', 'gate-forged-identity', {
  tries: 'Sends good requests with headers that say somebody else has called, each in several spellings, and looks at what the Core receives.',
  expects: 'None of what was forged reaches the Core, and the caller is named as the one who was verified.',
  async run({ gate, scene, target }) {
    const { core, identity } = gate.configuration;
    // A listener that verifies certificates writes the subject itself, over whatever came.
    const subject = identity.certificate !== undefined ? [identity.certificate.subjectHeader] : [];
    const names = [...new Set([...IDENTITY_HEADERS, core.identityHeader, ...(core.scopesHeader === undefined ? [] : [core.scopesHeader]), ...core.removedHeaders,
      ...(target.listener.tls?.clients ? [] : subject)])];
    const through: string[] = [];
    const mistaken: string[] = [];
    for (const name of new Set(names.flatMap((each) => SPELLINGS.map((spell) => spell(each))))) {
      const forgery = `admin-${randomBytes(6).toString('hex')}`;
      const caller = `drill-${randomUUID()}`;
      const request = await gate.request({ subject: caller });
      const canary = scene.canary();
      const answer = await answerTo(scene, gate.open, marked({ ...request, headers: { ...request.headers, [name]: forgery } }, canary));
      if (scene.reached(canary) === 0 || answer === undefined) continue;
      const { headers } = JSON.parse(answer.body) as CoreAnswer;
      if (JSON.stringify(headers).includes(forgery)) through.push(name);
      const told = headers[core.identityHeader] ?? [];
      if (told.length !== 1 || (isToldApart(gate, target.listener.tls?.clients?.mode === 'verify') && !isNameOf(told[0] ?? '', caller))) mistaken.push(name);
    }
    if (through.length > 0) return { verdict: 'succeeded', saw: `The Core received what was forged in ${listed(through, MAX_LISTED)}.` };
    if (mistaken.length > 0) return { verdict: 'succeeded', saw: `The Core was not told who called beside a forged ${listed(mistaken, MAX_LISTED)}.` };
    return { verdict: 'withstood', saw: `None of ${names.length} headers, in ${SPELLINGS.length} spellings each, reached the Core as forged.` };
  },
  saboteurs: [
    GATE_BYPASSED,
    gateSaboteur('headers that the configuration removes stay', (configuration) => (
      configuration.core.removedHeaders.length === 0 ? undefined : { ...configuration, core: { ...configuration.core, removedHeaders: [] } }
    )),
  ],
});

/** Where callers come from several sources, a name says which before it names the subject. */
const isNameOf = (told: string, subject: string): boolean => told === subject || (told.startsWith('token:') && told.endsWith(`#${subject}`));

/** Whether the subject of a token is what the Core is told. */
function isToldApart({ configuration }: AtGate['gate'], verifiesClients: boolean): boolean {
  const proofs = proofsAt(configuration, { verifiesClients });
  return proofs.length === 1 && proofs[0] === 'token' && tokensOf(configuration).subjectClaim === 'sub';
}

const keys = defineGateAttack('IDN-8', 'gate-api-keys', {
  tries: 'Shows API keys that nobody has given out, that have expired or were withdrawn, with another prefix, altered, or in a place where none belongs.',
  needs: 'gate that takes API keys',
  matches: takesKeys,
  async run({ gate, tryAll }) {
    const { policy, identity } = gate.configuration;
    const { header = 'x-api-key', prefix = '', inAuthorization = false } = identity.key ?? {};
    const { method, path } = gate.draft();
    const { scopes } = together(routesFor(policy, method, path).map(({ access }) => wantsOf(access)));
    const base = withoutHeader(await gate.request({ proof: 'key' }), header);
    const mint = async (options: { readonly prefix?: string; readonly validUntil?: number } = {}): Promise<string> => (await gate.mintKey({ prefix, scopes, ...options })).text;
    const good = await mint();
    const withdrawn = await gate.mintKey({ prefix, scopes });
    await gate.revoke('key', withdrawn.digest);
    const shown: Readonly<Record<string, string>> = {
      'a key that nobody has given out': `${prefix}${randomBytes(32).toString('base64url')}`,
      'an expired key': await mint({ validUntil: nowInSeconds() - 5 }),
      'a withdrawn key': withdrawn.text,
      [`a stored key with the prefix ${FOREIGN_PREFIX}`]: await mint({ prefix: FOREIGN_PREFIX }),
      'a key without its prefix': good.slice(prefix.length),
      'a key with its prefix in capitals': `${prefix.toUpperCase()}${good.slice(prefix.length)}`,
      'a key that lacks its last character': good.slice(0, -1),
      'a key with a character more': `${good}x`,
      'the digest of a key': withdrawn.digest,
      'two keys': `${good}, ${good}`,
      'the prefix alone': prefix,
    };
    const inQuery = ['api_key', 'key', 'x-api-key', 'access_token',
      header].map((name): Attempt => ({ name: `a good key in the query as ${name}`, request: { ...base, path: `${base.path}${base.path.includes('?') ? '&' : '?'}${name}=${good}` } }));
    return tryAll([
      ...Object.entries(shown).map(([name, value]): Attempt => ({ name, request: withHeader(base, header, value) })),
      ...inQuery,
      { name: 'a good key beside one in the query', request: withHeader({ ...base, path: `${base.path}${base.path.includes('?') ? '&' : '?'}key=${good}` }, header, good) },
      { name: 'a good key in a cookie', request: withHeader(base, 'cookie', `${header}=${good}`) },
      { name: 'a good key in another header', request: withHeader(base, 'x-drill-key', good) },
      ...(inAuthorization ? [] : [{ name: 'a good key as a bearer token', request: withHeader(base, 'authorization', `Bearer ${good}`) }]),
    ]);
  },
  saboteurs: [
    GATE_BYPASSED,
    gateSaboteur('API keys begin with another prefix', (configuration) => {
      const { key } = configuration.identity;
      return key && { ...configuration, identity: { ...configuration.identity, key: { ...key, prefix: FOREIGN_PREFIX } } };
    }),
  ],
});

const FOREIGN_PREFIX = 'drillfake_';

const FLOOD = 60;
/** Each task asks once more for a name that it does not know, and then not for a while (IDN-5). */
const FETCHES_PER_TASK = 2;

const keyFlood = defineGateAttack('IDN-5', 'gate-unknown-keys', {
  isAlone: true,
  tries: `Sends ${FLOOD} tokens that name keys nobody has published, then takes the key set away and goes on.`,
  expects: `No request reaches the Core, and the key set is asked for ${FETCHES_PER_TASK} times by each task at most. No template turns that off, so it has no saboteur.`,
  needs: 'gate that takes tokens',
  matches: takesTokens,
  async run({ gate, scene, target, tryAll }) {
    const request = await gate.request({ proof: 'token' });
    const issuer = gate.issuer();
    const forge = async (): Promise<Attempt> => {
      const kid = randomUUID();
      return { name: 'a token of an unknown key', request: withHeader(request, 'authorization',
        `Bearer ${await issuer.sign({ ...issuer.goodClaims(), sub: kid }, { key: 'stranger', header: { kid } })}`) };
    };
    const before = gate.fetches();
    const flood = await tryAll(await Promise.all(Array.from({ length: FLOOD }, forge)));
    if (flood.verdict === 'succeeded') return flood;
    const asked = before === undefined ? undefined : (gate.fetches() ?? 0) - before;
    if (asked !== undefined && asked > FETCHES_PER_TASK * scene.hop(target.listener, target.rule).length) return { verdict: 'succeeded',
      saw: `${FLOOD} tokens of unknown keys had the key set asked for ${asked} times.` };
    await gate.withhold(true);
    try {
      const gone = await tryAll([await forge(), await forge()]);
      return gone.verdict === 'succeeded' ? gone : { verdict: 'withstood', saw: [
        `None of ${FLOOD} tokens reached the Core, and none did without a key set.`, ...(asked === undefined ? [] : [`The key set was asked for ${asked} times.`]),
      ].join(' ') };
    } finally {
      await gate.withhold(false);
    }
  },
  saboteurs: [GATE_BYPASSED],
});

export const IDENTITY_ATTACKS: readonly Attack[] = [anonymous, forged, keys, keyFlood];
