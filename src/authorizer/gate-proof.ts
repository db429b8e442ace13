import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { KeyConfiguration } from '../gate/contract';
import { invalidProp } from '../invalid-prop';
import { DEFAULT_KEY_PREFIX, isKeyPrefix, KEY_PREFIX_REMEDY, shownPrefix } from './key-prefix';
import type { AuthorizerToken } from './authorizer-identity';
import { type ApiKeyProps, type GateJwtClientProps, type GateJwtIssuerProps, type GateJwtProps, JwtAlgorithm } from './gate-proof-props';
import { audienceClaims, checkIssuer, type Claim, clientClaims, requiredClaims } from './jwt-validation';
import { checkTokenIdentity, tokenIdentity } from './token-identity';

/** What a caller shows to the gate alone. */
export interface GateDemand {
  readonly token?: AuthorizerToken;
  readonly key?: Omit<KeyConfiguration, 'inAuthorization'>;
}

/** Headers that say something else, or that others than callers write. */
const OTHER_HEADERS = [
  'authorization', 'cookie', 'host', 'connection', 'content-type', 'content-length', 'transfer-encoding', 'te', 'upgrade', 'origin', 'accept', 'user-agent', 'traceparent', 'tracestate',
];
const OTHER_PREFIXES = /^(x-amzn-|x-forwarded|x-auth-request|proxy-|sec-|access-control-)/;

/**
 * How a caller proves to the gate who it is, where a load balancer cannot ask for it.
 *
 * There is no variant that lets anybody through, and none can be added: the class cannot be extended or imitated.
 */
export class GateProof {
  /**
   * API keys, of which the gate knows the digests alone (IDN-8). They are made and withdrawn by `cdk-secure-core keys`.
   */
  public static apiKeys(props: ApiKeyProps = {}): GateProof {
    const { header = 'x-api-key', prefix = DEFAULT_KEY_PREFIX } = props;
    return new GateProof({ key: { header: header.toLowerCase(), prefix } }, (scope) => {
      checkHeader(scope, header);
      if (!isKeyPrefix(prefix)) throw invalidProp(scope, 'authorizer.prefix', shownPrefix(prefix), KEY_PREFIX_REMEDY);
    });
  }

  /** Tokens of an OAuth 2.0 issuer that name the Core as their audience (`aud`, RFC 9068). */
  public static jwt(props: GateJwtProps): GateProof {
    return GateProof.tokens(props, audienceClaims(props));
  }

  /** Access tokens that name the client they were issued to but no audience (`client_id`, `token_use`). */
  public static jwtClients(props: GateJwtClientProps): GateProof {
    return GateProof.tokens(props, clientClaims(props));
  }

  private static tokens(props: GateJwtIssuerProps, identity: readonly Claim[]): GateProof {
    const { algorithms = [JwtAlgorithm.RS256, JwtAlgorithm.ES256] } = props;
    return new GateProof({ token: tokenIdentity(props, requiredClaims(props, identity), algorithms) }, (scope) => {
      checkIssuer(scope, props, identity);
      checkTokenIdentity(scope, props);
      if (algorithms.length > 0 && new Set(algorithms).size === algorithms.length) return;
      throw invalidProp(scope, 'authorizer.algorithms', algorithms, 'Name JwtAlgorithm.RS256, JwtAlgorithm.ES256 or both, each once.');
    });
  }

  private constructor(private readonly demand: GateDemand, private readonly check: (scope: IConstruct) => void) {}

  /**
   * What the gate asks for.
   *
   * @internal
   */
  public get _demand(): GateDemand {
    return this.demand;
  }

  /**
   * Refuses what the gate could not verify.
   *
   * @internal
   */
  public _check(scope: IConstruct): void {
    this.check(scope);
  }
}

function checkHeader(scope: IConstruct, header: string): void {
  const refused = (todo: string): Error => invalidProp(scope, 'authorizer.header', header, todo);
  if (Token.isUnresolved(header) || !/^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(header)) throw refused('Write out a header of letters, digits and hyphens, such as X-API-Key.');
  if (OTHER_HEADERS.includes(header.toLowerCase()) || OTHER_PREFIXES.test(header.toLowerCase())) throw refused('Name a header that carries nothing else, such as X-API-Key.');
}
