import { type Stack } from 'aws-cdk-lib';
import { CfnListener, CfnListenerRule } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { targetGroup } from './load-balancing';

/** An action that a listener and a rule both take; their types differ in the session timeout, which no test names. */
type Action = CfnListener.ActionProperty & CfnListenerRule.ActionProperty;
type Claim = CfnListener.JwtValidationActionAdditionalClaimProperty;

export const ISSUER = 'https://issuer.example.com';
export const AUDIENCE: Claim = { name: 'aud', format: 'string-array', values: ['core'] };

/** An action that hands the request to the one target group of the stack. */
export function forward(stack: Stack, props: Partial<Action> = {}): Action {
  return { type: 'forward', order: 2, targetGroupArn: targetGroup(stack).ref, ...props };
}

/** The action that lets callers with a token of the issuer through. */
export function validateJwt(config: Partial<CfnListener.JwtValidationConfigProperty> = {}): Action {
  return {
    type: 'jwt-validation',
    order: 1,
    jwtValidationConfig: { issuer: ISSUER, jwksEndpoint: `${ISSUER}/jwks.json`, additionalClaims: [AUDIENCE], ...config },
  };
}

/** The action of a load balancer that sends browsers to an identity provider. */
export function authenticateOidc(onUnauthenticatedRequest?: string): Action {
  return {
    type: 'authenticate-oidc',
    order: 1,
    authenticateOidcConfig: {
      issuer: ISSUER,
      authorizationEndpoint: `${ISSUER}/authorize`,
      tokenEndpoint: `${ISSUER}/token`,
      userInfoEndpoint: `${ISSUER}/userinfo`,
      clientId: 'core',
      onUnauthenticatedRequest,
    },
  };
}

/** The redirect that a port 80 may answer with. */
export function redirect(config: Partial<CfnListener.RedirectConfigProperty> = {}): Action {
  return { type: 'redirect', redirectConfig: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301', ...config } };
}

/** A rule for one path, on a listener of the stack or any other. */
export function listenerRule(stack: Stack, listenerArn: string, actions: Action[]): CfnListenerRule {
  return new CfnListenerRule(stack, 'Rule', {
    listenerArn,
    priority: 10,
    conditions: [{ field: 'path-pattern', pathPatternConfig: { values: ['/core/*'] } }],
    actions,
  });
}
