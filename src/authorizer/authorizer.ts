import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { type ClientCertificateOptions, type ClientCertificateProps, givenTrustStore, newTrustStore } from './client-certificates';
import type { CognitoIssuer } from './cognito-issuer';
import type { CognitoAuthorizerOptions, JwtAuthorizerProps, JwtClientAuthorizerProps, JwtIssuerProps } from './jwt-props';
import { audienceClaims, type Claim, clientClaims, hostsOf, jwtValidation } from './jwt-validation';

/** What an authorizer asks of a listener and of the actions behind it. */
export interface EdgeProof {
  /** What the listener demands of every connection, before any action: mutual TLS. */
  readonly mutualAuthentication?: elbv2.MutualAuthentication;

  /** Puts the proof in front of an action. */
  guard(next: elbv2.ListenerAction): elbv2.ListenerAction;
}

type Proof = 'certificate' | 'token';

interface Demands {
  /** What a caller has to show. */
  readonly proofs: readonly Proof[];
  /** Public hosts that the load balancer asks by itself, such as the one of a JWKS. */
  readonly hosts: readonly string[];
  /** Called once a listener. */
  prove(scope: Construct): EdgeProof;
}

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
    return new Authorizer({ proofs: ['certificate'], hosts: [], prove: (scope) => newTrustStore(scope, props) });
  }

  /**
   * Certificates that a trust store knows which is there already.
   *
   * Its revocation list cannot be seen from here, so rule IDN-6.revocation cannot decide whether there is one: look, and acknowledge it.
   */
  public static trustStore(trustStore: elbv2.ITrustStore, options: ClientCertificateOptions = {}): Authorizer {
    return new Authorizer({ proofs: ['certificate'], hosts: [], prove: () => givenTrustStore(trustStore, options) });
  }

  private static tokens(props: JwtIssuerProps, claims: readonly Claim[], hosts: readonly string[]): Authorizer {
    return new Authorizer({ proofs: ['token'], hosts, prove: (scope) => ({ guard: (next) => jwtValidation(scope, props, claims, next) }) });
  }

  private constructor(private readonly demands: Demands) {}

  /** This proof and another one: a certificate and a token, so that a stolen token is worth nothing without the key of a certificate. */
  public and(other: Authorizer): Authorizer {
    const proofs = [...this.demands.proofs, ...other.demands.proofs];
    return new Authorizer({
      proofs,
      hosts: [...this.demands.hosts, ...other.demands.hosts],
      prove: (scope) => {
        if (new Set(proofs).size < proofs.length) throw invalidProp(scope, 'authorizer.and', proofs, 'Combine one certificate with one token.');
        const [first, second] = [this._bind(scope), other._bind(scope)];
        return { mutualAuthentication: first.mutualAuthentication ?? second.mutualAuthentication, guard: (next) => first.guard(second.guard(next)) };
      },
    });
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
    return this.demands.prove(scope);
  }
}
