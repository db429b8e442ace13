import type { JWTPayload } from 'jose';
import { IDENTITY_HEADERS, type TokenConfiguration } from '../../../gate/contract';
import type { Attack } from '../../attack';
import { GATE_BYPASSED, SCOPES_DROPPED } from '../saboteurs';
import { NOTHING } from '../wants';
import { type AtGate, defineGateAttack, takesTokens, withHeader, withPath } from './define';
import { asksForScopes, type Lacking, walk } from './walk';

/** In which servers and their proxies have been told what a caller may do. */
const HEADERS = ['scope', 'scopes', 'x-scope', 'x-scopes', 'x-auth-scopes', 'x-auth-request-groups', 'x-forwarded-groups', 'x-permissions', 'x-role', 'x-roles', 'x-oauth-scopes', 'x-amzn-oidc-data'];
const PARAMETERS = ['scope', 'scopes', 'role'];

/** In which issuers have written it; the first three in what some users may edit themselves (TG-38, TG-40). */
const CLAIMS = ['custom:scope', 'custom:role', 'user_metadata', 'scope', 'scp', 'scopes', 'permissions', 'authorities', 'roles', 'role', 'groups', 'cognito:groups', 'realm_access'];

/** What somebody may have separated scopes by; the standard has one blank (RFC 6749, section 3.3). */
const SEPARATORS: Readonly<Record<string, string>> = {
  'a comma': ',', 'a comma and a blank': ', ', 'a semicolon': ';', 'a bar': '|', 'a plus': '+', 'a tab': '\t', 'a line end': '\n', '%20': '%20', 'a wide blank': '\u00a0',
};

/** What callers say of themselves, where no gate should look. */
function elsewhere({ gate }: AtGate, all: string): Lacking[] {
  const { scopesHeader } = gate.configuration.core;
  const names = [...new Set([...HEADERS, ...IDENTITY_HEADERS.filter((name) => /role|group|scope/.test(name)), ...(scopesHeader === undefined ? [] : [scopesHeader])])];
  return [
    ...names.map((name): Lacking => ({ name: `every scope in the header ${name}`, wants: NOTHING, alter: (request) => withHeader(request, name, all) })),
    ...PARAMETERS.map((name): Lacking => ({
      name: `every scope in the query as ${name}`, wants: NOTHING, alter: (request) => withPath(request, `${request.path}${request.path.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(all)}`),
    })),
  ];
}

/** What stands in a token, in another place or another form than the gate was told of. */
function inTokens({ scopesClaim, rolesClaim }: TokenConfiguration, all: readonly string[]): Lacking[] {
  const others = CLAIMS.filter((name) => name !== scopesClaim && name !== rolesClaim);
  const claiming = (name: string, claims: JWTPayload): Lacking => ({ name, wants: NOTHING, claims });
  return [
    ...others.flatMap((name) => [claiming(`every scope in the claim ${name}`, { [name]: all.join(' ') }), claiming(`a list of every scope in the claim ${name}`, { [name]: all })]),
    // Where one scope is enough, one that is split off would be too.
    ...Object.entries(SEPARATORS).map(([what, separator]) => {
      const joined = ['drill-nothing', ...all, 'drill-nothing'].join(separator);
      return claiming(`scopes that are separated by ${what}`, { [scopesClaim]: scopesClaim === 'scopes' ? [joined] : joined });
    }),
    claiming('scopes as the names of an object', { [scopesClaim]: Object.fromEntries(all.map((scope) => [scope, true])) }),
    ...(scopesClaim === 'scope' ? [claiming('a list where text belongs', { [scopesClaim]: all })] : []),
    ...(scopesClaim === 'scopes' ? [claiming('text where a list belongs', { [scopesClaim]: all.join(' ') })] : []),
  ];
}

const sources = defineGateAttack('AZN-5', 'gate-scope-sources', {
  tries: 'Calls every route without a scope, and states all of them in headers, in the query, in claims that the gate was not told of, and in other forms than the standard has.',
  expects: 'Every one is refused: scopes are what the one claim that is named says, separated by blanks.',
  needs: 'gate with a route that asks for a scope or a role',
  matches: asksForScopes,
  run: (at) => walk(at, (_, { scopes, roles }) => {
    const { configuration } = at.gate;
    const [tokens] = takesTokens(configuration, at.target.listener.tls?.clients?.mode === 'verify') ? configuration.identity.tokens : [];
    return [...elsewhere(at, [...scopes, ...roles].join(' ')), ...(tokens && scopes.length > 0 ? inTokens(tokens, scopes) : [])];
  }),
  saboteurs: [SCOPES_DROPPED, GATE_BYPASSED],
});

export const SCOPE_ATTACKS: readonly Attack[] = [sources];
