import type { ClaimModel, JwtModel } from '../model';
import { only, refusal } from './filter';
import { extension, typed, type Fragment } from './fragment';
import { literally, oneOf } from './patterns';
import { and, filterState, metadata, not } from './predicate';

export const ISSUER_CLUSTER = 'issuer';

const AUTHN = 'envoy.filters.http.jwt_authn';
const JWT_TYPES = 'envoy.extensions.filters.http.jwt_authn.v3';
/** Nothing is said of a tolerance by the load balancer's pages; Envoy takes 0 for its default of a minute. */
const CLOCK_SKEW_SECONDS = 1;

/** Where key sets are to be had: the local issuer. */
export interface KeySets {
  readonly port: number;
  jwksPath(jwksEndpoint: string): string;
}

/**
 * Verification of bearer tokens, after elasticloadbalancing/latest/application/listener-verify-jwt.html: signature by a key of the set,
 * RS256 alone; `iss` and `exp` must be there; `nbf` and `iat` are checked where they are; then the additional claims. A bad token is refused and a good
 * one forwarded as it is. The page does not say with which status; here it is 401, as for requests without any. Nor does it say what happens where
 * the key set cannot be had but for the log's error_reason: the load balancer's 500 is a 401 here. Envoy finds `Bearer ` anywhere in the
 * Authorization header, not only at its beginning.
 */
export class JwtFilters {
  private readonly verifiers = new Map<string, Verifier>();

  public constructor(private readonly keySets: KeySets) {}

  /** What the route of a rule with the action must carry. */
  public onRoute(jwt: JwtModel): Fragment {
    const identity = JSON.stringify(jwt);
    const verifier = this.verifiers.get(identity) ?? new Verifier(`token_${this.verifiers.size}`, jwt, this.keySets);
    this.verifiers.set(identity, verifier);
    return { [AUTHN]: typed(`${JWT_TYPES}.PerRouteConfig`, { requirement_name: verifier.name }) };
  }

  /** To be asked for after the last route: none where no route wants a token. */
  public filters(): Fragment[] {
    const verifiers = [...this.verifiers.values()];
    if (verifiers.length === 0) return [];
    return [
      extension(AUTHN, `${JWT_TYPES}.JwtAuthentication`, {
        providers: Object.fromEntries(verifiers.map((verifier) => [verifier.name, verifier.provider()])),
        requirement_map: Object.fromEntries(verifiers.map(({ name }) => [name, { provider_name: name }])),
        strip_failure_response: true,
      }),
      extension('jwt.issued-at', 'envoy.extensions.filters.http.set_filter_state.v3.Config', { on_request_headers: verifiers.map((verifier) => verifier.issuedAt()) }),
      ...verifiers.map((verifier) => verifier.furtherChecks()).filter((filter) => filter !== undefined),
    ];
  }
}

/** One jwt action. What Envoy's token filter cannot check it leaves as metadata, and a second filter refuses by that. */
class Verifier {
  private readonly issued: string;

  public constructor(public readonly name: string, private readonly jwt: JwtModel, private readonly keySets: KeySets) {
    this.issued = `${name}.issued-in-the-past`;
  }

  public provider(): Fragment {
    const { issuer, jwksEndpoint } = this.jwt;
    return {
      issuer,
      require_expiration: true,
      clock_skew_seconds: CLOCK_SKEW_SECONDS,
      from_headers: [{ name: 'Authorization', value_prefix: 'Bearer ' }],
      forward: true,
      payload_in_metadata: this.payload,
      header_in_metadata: this.header,
      remote_jwks: {
        http_uri: { uri: `http://127.0.0.1:${this.keySets.port}${this.keySets.jwksPath(jwksEndpoint)}`, cluster: ISSUER_CLUSTER, timeout: '5s' },
      },
    };
  }

  /** Compares `iat` with the clock, which neither Envoy's token filter nor its matchers do, and leaves the answer as text. */
  public issuedAt(): Fragment {
    const payload = `metadata.filter_metadata['${AUTHN}']['${this.payload}']`;
    const expression = `!has(${payload}.iat) || timestamp(int(${payload}.iat)) <= request.time + duration('${CLOCK_SKEW_SECONDS}s')`;
    return { object_key: this.issued, factory_key: 'envoy.string', format_string: { text_format_source: { inline_string: `%CEL(${expression})%` } } };
  }

  public furtherChecks(): Fragment | undefined {
    const verified = metadata(AUTHN, [this.header, 'alg'], { present_match: true });
    const good = and([
      metadata(AUTHN, [this.header, 'alg'], { string_match: { exact: 'RS256' } }),
      filterState(this.issued, 'true'),
      ...this.jwt.claims.map(({ name, format, values }) => metadata(AUTHN, [this.payload, name], claimMatch(format, values))),
    ]);
    return only(and([verified, not(good)]), `jwt.${this.name}`, refusal(401));
  }

  private get header(): string {
    return `${this.name}_header`;
  }

  private get payload(): string {
    return `${this.name}_payload`;
  }
}

/**
 * An additional claim: one of the values is enough (elasticloadbalancing/latest/APIReference/API_JwtValidationActionAdditionalClaim.html names
 * the formats; that one value is enough, and not all are needed, is our reading of it).
 */
function claimMatch(format: ClaimModel['format'], values: ClaimModel['values']): Fragment {
  const pattern = oneOf(values.map(literally));
  const match = { string_match: { safe_regex: { regex: format === 'space-separated-values' ? `(?:.* )?${pattern}(?: .*)?` : pattern } } };
  return format === 'string-array' ? { list_match: { one_of: match } } : match;
}
