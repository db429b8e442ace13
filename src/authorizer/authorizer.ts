import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct, IConstruct } from 'constructs';
import type { ProofKind } from '../gate/contract';
import { invalidProp } from '../invalid-prop';
import type { AuthorizerIdentity } from './authorizer-identity';
import { type ClientCertificateOptions, type ClientCertificateProps, givenTrustStore, newTrustStore } from './client-certificates';
import type { CognitoIssuer } from './cognito-issuer';
import type { GateDemand, GateProof } from './gate-proof';
import { JwtAlgorithm } from './gate-proof-props';
import type { CognitoAuthorizerOptions, JwtAuthorizerProps, JwtClientAuthorizerProps, JwtIssuerProps } from './jwt-props';
import { audienceClaims, checkIssuer, type Claim, clientClaims, hostsOf, jwtValidation, requiredClaims } from './jwt-validation';
import { checkTokenIdentity, tokenIdentity } from './token-identity';

/** What an authorizer asks of a listener and of the actions behind it. */
export interface EdgeProof {
  /** What the listener demands of every connection, before any action: mutual TLS. */
  readonly mutualAuthentication?: elbv2.MutualAuthentication;

  /** Puts the proof in front of an action. */
  guard(next: elbv2.ListenerAction): elbv2.ListenerAction;
}

interface Demands {
  /** What a caller has to show to the load balancer; nothing where the gate alone asks. */
  readonly edge: readonly ProofKind[];
  /** What a caller has to show to the gate, at least one of them with all that it names. */
  readonly accept: readonly (readonly ProofKind[])[];
  readonly tokens: AuthorizerIdentity['tokens'];
  readonly keys: readonly NonNullable<GateDemand['key']>[];
  /** Public hosts that the load balancer asks by itself, such as the one of a JWKS. */
  readonly hosts: readonly string[];
  /** Whether the function behind it asks for everything itself, and nothing else stands there. */
  readonly isForFunction?: boolean;
  /** Called once a listener. */
  prove(scope: Construct): EdgeProof;
}

const TOKEN = { edge: ['token'], accept: [['token']], keys: [] } as const;
const CERTIFICATE = { edge: ['certificate'], accept: [['certificate']], tokens: [], keys: [], hosts: [] } as const;

/**
 * Who a caller must prove to be before a request is forwarded (IDN-1).
 *
 * There is no variant that lets anybody through, and none can be added: the class cannot be extended or imitated.
 */
export class Authorizer {
  /**
   * Tokens of an OAuth 2.0 issuer that name the Core as their audience (`aud`, RFC 9068).
   */
  public static jwt(props: JwtAuthorizerProps): Authorizer {
    return Authorizer.tokens(props, audienceClaims(props), hostsOf(props));
  }

  /**
   * Access tokens that name the client they were issued to but no audience, as Amazon Cognito's do (`client_id`, `token_use`).
   */
  public static jwtClients(props: JwtClientAuthorizerProps): Authorizer {
    return Authorizer.tokens(props, clientClaims(props), hostsOf(props));
  }

  /** Access tokens that the issuer gave to one of its callers. */
  public static cognito(issuer: CognitoIssuer, options: CognitoAuthorizerOptions = {}): Authorizer {
    const props = { issuer: issuer.issuer, jwksUri: issuer.jwksUri, clientIds: issuer._clientIds, scope: options.scope === undefined ? undefined : issuer.scope(options.scope) };
    return Authorizer.tokens(props, clientClaims(props), [issuer._host]);
  }

  /**
   * Certificates of the callers' own authority, neither expired nor withdrawn (IDN-6).
   *
   * It holds for every request of a listener: callers without a certificate need a listener of their own.
   */
  public static mtls(props: ClientCertificateProps): Authorizer {
    return new Authorizer({ ...CERTIFICATE, prove: (scope) => newTrustStore(scope, props) });
  }

  /**
   * Certificates that a trust store knows which is there already.
   *
   * Its revocation list cannot be seen from here, so rule IDN-6.revocation cannot decide whether there is one: look, and acknowledge it.
   */
  public static trustStore(trustStore: elbv2.ITrustStore, options: ClientCertificateOptions = {}): Authorizer {
    return new Authorizer({ ...CERTIFICATE, prove: () => givenTrustStore(trustStore, options) });
  }

  /**
   * Proofs for the gate alone, any one of which is enough: for what a load balancer cannot verify, such as ES256 or API keys.
   *
   * It forwards before anybody has proven anything, so it takes an ingress of its own load balancer with exact routes and a restricted circle of callers (design of IDN-1).
   */
  public static gateOnly(first: GateProof, ...others: GateProof[]): Authorizer {
    const proofs = [first, ...others];
    const demands = proofs.map(({ _demand }) => _demand);
    return new Authorizer({
      edge: [],
      accept: distinct(demands.map(kindsOf)),
      tokens: demands.flatMap(({ token }) => token ?? []),
      keys: demands.flatMap(({ key }) => key ?? []),
      hosts: [],
      prove: (scope) => {
        for (const proof of proofs) proof._check(scope);
        return { guard: (next) => next };
      },
    });
  }

  /**
   * Nothing here, for a function of this library that asks each caller for a signature by itself, behind exact routes and for a restricted circle of callers.
   *
   * @internal
   */
  public static _forFunction(): Authorizer {
    return new Authorizer({ edge: [], accept: [], tokens: [], keys: [], hosts: [], isForFunction: true, prove: () => ({ guard: (next) => next }) });
  }

  private static tokens(props: JwtIssuerProps, claims: readonly Claim[], hosts: readonly string[]): Authorizer {
    return new Authorizer({
      ...TOKEN,
      tokens: [tokenIdentity(props, requiredClaims(props, claims), [JwtAlgorithm.RS256])],
      hosts,
      prove: (scope) => {
        checkIssuer(scope, props, claims);
        checkTokenIdentity(scope, props);
        return { guard: (next) => jwtValidation(props, claims, next) };
      },
    });
  }

  private constructor(private readonly demands: Demands) {}

  /** This proof and another one: a certificate and a token, so that a stolen token is worth nothing without the key of a certificate. */
  public and(other: Authorizer): Authorizer {
    return this.with(other, (scope, edge) => {
      if (new Set(edge).size < edge.length) throw invalidProp(scope, 'authorizer.and', edge, 'Combine one certificate with one token.');
    });
  }

  /** This proof and one more, which the gate asks for: an API key beside a token or a certificate, or a token that the load balancer cannot verify beside a certificate. */
  public withGateProof(proof: GateProof): Authorizer {
    return this.with(Authorizer.gateOnly(proof), () => undefined);
  }

  /** Whether the load balancer fetches something, such as signing keys, from a public server, so that its subnets need a route there. */
  public get fetchesKeysFromInternet(): boolean {
    return this.demands.hosts.length > 0;
  }

  /**
   * Public hosts that the load balancer asks by itself; a name may be a token.
   *
   * @internal
   */
  public get _hosts(): readonly string[] {
    return this.demands.hosts;
  }

  /**
   * What a listener has to demand. Called once for each listener, with a scope for what it takes to build.
   *
   * @internal
   */
  public _bind(scope: Construct): EdgeProof {
    const proof = this.demands.prove(scope);
    checkDistinct(scope, this.demands);
    if (this._isGateOnly && edgeCouldAsk(this.demands)) {
      throw invalidProp(scope, 'authorizer', 'Authorizer.gateOnly with RS256 tokens of one issuer alone',
        'Name Authorizer.jwt or Authorizer.jwtClients: the load balancer can verify those before anything is forwarded (IDN-1).');
    }
    return proof;
  }

  /**
   * Whether the load balancer forwards what nobody has proven anything about.
   *
   * @internal
   */
  public get _isGateOnly(): boolean {
    return this.demands.edge.length === 0 && !this._isForFunction;
  }

  /**
   * Whether the function behind the load balancer asks for everything itself.
   *
   * @internal
   */
  public get _isForFunction(): boolean {
    return this.demands.isForFunction ?? false;
  }

  /**
   * What the gate verifies.
   *
   * @internal
   */
  public get _identity(): AuthorizerIdentity {
    const { accept, tokens, keys: [key] } = this.demands;
    return {
      accept,
      tokens,
      certificate: accept.some((proofs) => proofs.includes('certificate')),
      // A bearer token is a JWT wherever one is expected, so that one credential is never taken for another (design 5b, C-04).
      key: key && { ...key, inAuthorization: tokens.length === 0 },
    };
  }

  private with(other: Authorizer, checkEdge: (scope: IConstruct, edge: readonly ProofKind[]) => void): Authorizer {
    const [one, two] = [this.demands, other.demands];
    const edge = [...one.edge, ...two.edge];
    return new Authorizer({
      edge,
      accept: distinct(one.accept.flatMap((first) => two.accept.map((second) => [...first, ...second]))),
      tokens: [...one.tokens, ...two.tokens],
      keys: [...one.keys, ...two.keys],
      hosts: [...one.hosts, ...two.hosts],
      prove: (scope) => {
        checkEdge(scope, edge);
        const [first, second] = [one.prove(scope), two.prove(scope)];
        return { mutualAuthentication: first.mutualAuthentication ?? second.mutualAuthentication, guard: (next) => first.guard(second.guard(next)) };
      },
    });
  }
}

/** Whether the load balancer could ask every caller for what the gate asks: tokens of one issuer, signed as it knows, and nothing instead of them. */
function edgeCouldAsk({ tokens, keys }: Demands): boolean {
  return keys.length === 0 && new Set(tokens.map(({ issuer }) => issuer)).size === 1 && tokens.every(({ algorithms }) => algorithms.every((algorithm) => algorithm === 'RS256'));
}

function kindsOf({ token }: GateDemand): ProofKind[] {
  return [token ? 'token' : 'key'];
}

/** Each combination once, whatever the order it was named in. */
function distinct(accept: readonly (readonly ProofKind[])[]): (readonly ProofKind[])[] {
  return [...new Map(accept.map((proofs) => [[...proofs].sort().join(), proofs])).values()];
}

/** Refuses proofs that the gate could not tell apart. */
function checkDistinct(scope: IConstruct, { accept, tokens, keys }: Demands): void {
  const twice = accept.find((proofs) => new Set(proofs).size < proofs.length);
  if (twice) throw invalidProp(scope, 'authorizer', twice, 'Combine proofs of different kinds: a request carries one token, one key and one certificate.');
  const issuer = tokens.find((token, index) => tokens.findIndex((other) => other.issuer === token.issuer) !== index)?.issuer;
  if (issuer !== undefined) throw invalidProp(scope, 'authorizer', issuer, 'Name an issuer once: the gate demands the same of all its tokens.');
  if (keys.length > 1) throw invalidProp(scope, 'authorizer', keys.map(({ header }) => header), 'Name GateProof.apiKeys once: one header and one prefix tell a key.');
}
