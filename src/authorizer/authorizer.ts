import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IConstruct } from 'constructs';
import { audienceClaims, clientClaims, jwtValidation } from './jwt-validation';
import type { JwtAuthorizerProps, JwtClientAuthorizerProps } from './jwt-props';

/**
 * Who a caller must prove to be before a request is forwarded (IDN-1).
 *
 * There is no variant that lets anybody through.
 */
export abstract class Authorizer {
  /**
   * Tokens of an OAuth 2.0 issuer that name the Core as their audience (`aud`, RFC 9068).
   */
  public static jwt(props: JwtAuthorizerProps): Authorizer {
    return new EdgeAuthorizer(true, (scope, next) => jwtValidation(scope, props, audienceClaims(props), next));
  }

  /**
   * Access tokens that name the client they were issued to but no audience, as Amazon Cognito's do (`client_id`, `token_use`).
   */
  public static jwtClients(props: JwtClientAuthorizerProps): Authorizer {
    return new EdgeAuthorizer(true, (scope, next) => jwtValidation(scope, props, clientClaims(props), next));
  }

  /** Whether the load balancer fetches signing keys from a public server, so that its subnets need a route there. */
  public abstract readonly fetchesKeysFromInternet: boolean;

  /**
   * Puts the proof in front of an action.
   *
   * @param scope names the place in errors
   * @param next what happens to a request whose caller is known
   */
  public abstract bind(scope: IConstruct, next: elbv2.ListenerAction): elbv2.ListenerAction;
}

type Bind = (scope: IConstruct, next: elbv2.ListenerAction) => elbv2.ListenerAction;

/** An authorizer that the load balancer carries out by itself. */
class EdgeAuthorizer extends Authorizer {
  public constructor(public readonly fetchesKeysFromInternet: boolean, private readonly guard: Bind) {
    super();
  }

  public bind(scope: IConstruct, next: elbv2.ListenerAction): elbv2.ListenerAction {
    return this.guard(scope, next);
  }
}
