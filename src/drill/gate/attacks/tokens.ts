import type { JWTPayload } from 'jose';
import type { Attack } from '../../attack';
import type { Attempt } from '../../attacks/attempts';
import { forgedSignatures } from '../../attacks/idn-jwt';
import { nowInSeconds, withAuthorization } from '../../attacks/tokens';
import type { SignOptions, WireRequest } from '../../scene';
import { goodClaimsFor, tokensOf } from '../callers';
import { GATE_BYPASSED, gateSaboteur } from '../saboteurs';
import { routesFor, together, wantsOf } from '../wants';
import { type AtGate, defineGateAttack, takesTokens } from './define';

/** Algorithms of the published keys that no gate takes (IDN-2). */
const OTHERS: Readonly<Record<string, SignOptions>> = Object.fromEntries(['RS384', 'RS512', 'PS256', 'PS512'].map((alg) => [`alg ${alg} with a published key`, { header: { alg } }]));

/** Good in everything but what is changed; nobody is counted twice. */
class Forge {
  private readonly tokens;
  private readonly issuer;

  public constructor(private readonly at: AtGate) {
    this.tokens = tokensOf(at.gate.configuration);
    this.issuer = at.gate.issuer();
  }

  public goodClaims(): JWTPayload {
    const { policy } = this.at.gate.configuration;
    const { method, path } = this.at.gate.draft();
    return goodClaimsFor(this.tokens, this.issuer, together(routesFor(policy, method, path).map(({ access }) => wantsOf(access))));
  }

  public sign(claims: JWTPayload, options: SignOptions = {}): Promise<string> {
    const isEc = this.tokens.algorithms[0] === 'ES256';
    return this.issuer.sign(claims, { ...(isEc && { key: 'published-ec' }), ...options });
  }

  public async with(name: string, change: JWTPayload, options?: SignOptions): Promise<Attempt> {
    return this.attempt(name, await this.sign({ ...this.goodClaims(), ...change }, options));
  }

  public async attempt(name: string, token: string): Promise<Attempt> {
    return { name, request: withAuthorization(await this.base(), `Bearer ${token}`) };
  }

  public async bare(name: string, authorization: string): Promise<Attempt> {
    return { name, request: withAuthorization(await this.base(), authorization) };
  }

  private base(): Promise<WireRequest> {
    return this.at.gate.request({ proof: 'token' });
  }
}

function all(attempts: readonly Promise<Attempt>[]): Promise<Attempt[]> {
  return Promise.all(attempts);
}

const signatures = defineGateAttack('IDN-2', 'gate-algorithms', {
  tries: 'Sends the gate tokens with the right claims and a forged signature, another algorithm, a key brought along or a form that is none (RFC 8725).',
  needs: 'gate that takes tokens',
  matches: takesTokens,
  async run(at) {
    const forge = new Forge(at);
    const { algorithms } = tokensOf(at.gate.configuration);
    const isTaken = (name: string): boolean => (
      name === 'alg ES256 with a published key' && algorithms.includes('ES256')
    );
    const forged = Object.entries({
      ...forgedSignatures(at.gate.issuer()),
      ...OTHERS,
      ...(algorithms.includes('RS256') ? {} : { 'alg RS256 with a published key': { key: 'published' as const } }),
    });
    const good = await forge.sign(forge.goodClaims());
    const [header = '', payload = '', signature = ''] = good.split('.');
    const [, admin = ''] = (await forge.sign({ ...forge.goodClaims(), sub: 'admin' })).split('.');
    return at.tryAll(await all([
      ...forged.filter(([name]) => !isTaken(name)).map(([name, options]) => forge.with(name, {}, options)),
      forge.attempt('no signature', `${header}.${payload}.`),
      forge.attempt('no signature and no dot', `${header}.${payload}`),
      forge.attempt('one byte of the signature changed', `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`),
      forge.attempt('the signature of another token', `${header}.${admin}.${signature}`),
      forge.attempt('a fourth part', `${good}.x`),
      forge.attempt('five parts', `${good}.x.y`),
      forge.attempt('padding', `${good}==`),
      forge.bare('two tokens', `Bearer ${good}, Bearer ${good}`),
      forge.bare('another scheme', `Token ${good}`),
      forge.bare('two blanks', `Bearer  ${good}`),
      forge.with('a header that must be understood', {}, { key: 'stranger', header: { crit: ['drill'], drill: true } }).catch(() => forge.attempt('a header of nothing',
        `e30.${payload}.${signature}`)),
      forge.with('a token of 80 KB', { padding: 'x'.repeat(60_000) }, { key: 'stranger' }),
    ]));
  },
  saboteurs: [
    GATE_BYPASSED,
    gateSaboteur('ES256 is accepted too', (configuration) => {
      const { identity } = configuration;
      if (identity.tokens.every(({ algorithms }) => algorithms.includes('ES256') || algorithms.includes('HS256'))) return undefined;
      return { ...configuration, identity: { ...identity, tokens: identity.tokens.map((token) => ({ ...token, algorithms: ['RS256', 'ES256'] })) } };
    }),
  ],
});

const FOREIGN_AUDIENCE = 'drill-another-service';
const FOREIGN_ISSUER = 'https://login.attacker.example';

const claims = defineGateAttack('IDN-3', 'gate-claims', {
  tries: 'Sends the gate well-signed tokens for another audience or client, of another issuer, without a subject, or with claims of another kind.',
  needs: 'gate that takes tokens',
  matches: takesTokens,
  async run(at) {
    const forge = new Forge(at);
    const { claims: demanded, issuer } = tokensOf(at.gate.configuration);
    return at.tryAll(await all([
      ...demanded.flatMap(({ name, values }) => {
        const [value = ''] = values;
        const wrong: readonly (readonly [string, unknown])[] = [
          ['none', undefined],
          ['another', FOREIGN_AUDIENCE],
          ['a longer', `${value}-2`], ['a shorter', value.slice(0, -1)], ['capitals', value === value.toUpperCase() ? `x${value}` : value.toUpperCase()],
          ['an empty', ''],
          ['an empty list as', []],
          ['a list of others as', [FOREIGN_AUDIENCE]], ['null as', null], ['true as', true], ['an object as', { [value]: true }], ['a number and the value as', [1, value]],
        ];
        return wrong.map(([what, other]) => forge.with(`${what} ${name}`, { [name]: other }));
      }),
      forge.with('another issuer', { iss: FOREIGN_ISSUER }),
      forge.with('no issuer', { iss: undefined }),
      forge.with('the issuer with a slash more', { iss: `${issuer}/` }),
      forge.with('the issuer in capitals', { iss: issuer.toUpperCase() }),
      forge.with('a list with the issuer', { iss: [issuer] } as unknown as JWTPayload),
      forge.with('no subject', { sub: undefined }),
      forge.with('an empty subject', { sub: '' }),
      forge.with('a number as subject', { sub: 7 } as unknown as JWTPayload),
      forge.with('a line end in the subject', { sub: 'drill\r\nx-role: admin' }),
    ]));
  },
  saboteurs: [
    GATE_BYPASSED,
    gateSaboteur('audience of another service accepted too', (configuration) => {
      const { identity } = configuration;
      const widened = identity.tokens.map((token) => ({ ...token, claims: token.claims.map(({ name, values }) => ({ name, values: [...values, FOREIGN_AUDIENCE] })) }));
      return widened.length === 0 ? undefined : { ...configuration, identity: { ...identity, tokens: widened } };
    }),
    gateSaboteur('another issuer is believed', (configuration) => {
      const { identity } = configuration;
      const [first, ...others] = identity.tokens;
      return first === undefined ? undefined : { ...configuration, identity: { ...identity, tokens: [{ ...first, issuer: FOREIGN_ISSUER }, ...others] } };
    }),
  ],
});

/** So much later than the tolerance that the machine's pace does not matter, and little enough to see a tolerance of twice as much. */
const BEYOND_SECONDS = 10;
const MAX_SKEW_SECONDS = 60;

const times = defineGateAttack('IDN-11', 'gate-clock', {
  tries: 'Sends the gate well-signed tokens that have expired, begin or were issued a little beyond the tolerance for clocks, or whose times are none.',
  needs: 'gate that takes tokens',
  matches: takesTokens,
  async run(at) {
    const forge = new Forge(at);
    const { clockSkewSeconds: skew } = tokensOf(at.gate.configuration);
    const now = nowInSeconds();
    return at.tryAll(await all([
      forge.with(`a token that expired ${skew + BEYOND_SECONDS} s ago`, { iat: now - 3600, nbf: now - 3600, exp: now - skew - BEYOND_SECONDS }),
      forge.with(`a token that begins in ${skew + BEYOND_SECONDS} s`, { nbf: now + skew + BEYOND_SECONDS }),
      forge.with(`a token issued in ${skew + BEYOND_SECONDS} s`, { iat: now + skew + BEYOND_SECONDS }),
      forge.with('no expiry', { exp: undefined }),
      forge.with('an expiry as text', { exp: String(now + 300) } as unknown as JWTPayload),
      forge.with('an expiry of null', { exp: null } as unknown as JWTPayload),
      forge.with('a list as expiry', { exp: [now + 300] } as unknown as JWTPayload),
      forge.with('a beginning as text', { nbf: 'now' } as unknown as JWTPayload),
    ]));
  },
  saboteurs: [
    GATE_BYPASSED,
    gateSaboteur(`tolerance for clocks becomes ${MAX_SKEW_SECONDS} s`, (configuration) => {
      const { identity } = configuration;
      if (identity.tokens.every(({ clockSkewSeconds }) => clockSkewSeconds >= MAX_SKEW_SECONDS - 2 * BEYOND_SECONDS)) return undefined;
      return { ...configuration, identity: { ...identity, tokens: identity.tokens.map((token) => ({ ...token, clockSkewSeconds: MAX_SKEW_SECONDS })) } };
    }),
  ],
});

export const TOKEN_ATTACKS: readonly Attack[] = [signatures, claims, times];
