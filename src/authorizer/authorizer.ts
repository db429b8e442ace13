import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IConstruct } from 'constructs';
import type { JwtAuthorizerProps, JwtClientAuthorizerProps } from './jwt-props';
import { audienceClaims, clientClaims, jwtValidation } from './jwt-validation';

type Guard = (scope: IConstruct, next: elbv2.ListenerAction) => elbv2.ListenerAction;

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
    return new Authorizer(true, (scope, next) => jwtValidation(scope, props, audienceClaims(props), next));
  }

  /**
   * Access tokens that name the client they were issued to but no audience, as Amazon Cognito's do (`client_id`, `token_use`).
   */
  public static jwtClients(props: JwtClientAuthorizerProps): Authorizer {
    return new Authorizer(true, (scope, next) => jwtValidation(scope, props, clientClaims(props), next));
  }

  /** Whether the load balancer fetches signing keys from a public server, so that its subnets need a route there. */
  public readonly fetchesKeysFromInternet: boolean;

  private constructor(fetchesKeysFromInternet: boolean, private readonly guard: Guard) {
    this.fetchesKeysFromInternet = fetchesKeysFromInternet;
  }

  /**
   * Puts the proof in front of an action.
   *
   * @internal
   */
  public _bind(scope: IConstruct, next: elbv2.ListenerAction): elbv2.ListenerAction {
    return this.guard(scope, next);
  }
}
