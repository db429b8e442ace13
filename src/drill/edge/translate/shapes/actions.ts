import { byValue, irrelevant, list, map, mapped, notEmulated, type Shape } from '../treatment';

const LOGIN = irrelevant('it concerns callers who log in; nobody in a drill does');

const TARGETS: Shape = { TargetGroupArn: mapped, Weight: mapped };

const STICKINESS: Shape = {
  Enabled: byValue({
    true: notEmulated('whoever was sent to one target group stays there for a while; in the drill all of them are the same sample Core'),
    false: irrelevant('it is off'),
  }),
  DurationSeconds: irrelevant('how long callers stay with one target group: in the drill all of them are the same sample Core'),
};

const CLAIM: Shape = { Name: mapped, Format: mapped, Values: mapped };

/** An action, of a listener or of a rule: the two differ in the type of one value that the drill does not read. */
export const ACTION: Shape = {
  Type: mapped,
  Order: mapped,
  TargetGroupArn: mapped,
  ForwardConfig: map(() => ({ TargetGroups: list(() => TARGETS), TargetGroupStickinessConfig: map(() => STICKINESS) })),
  FixedResponseConfig: map(() => ({ StatusCode: mapped, ContentType: mapped, MessageBody: mapped })),
  RedirectConfig: map(() => ({ StatusCode: mapped, Protocol: mapped, Host: mapped, Port: mapped, Path: mapped, Query: mapped })),
  JwtValidationConfig: map(() => ({ Issuer: mapped, JwksEndpoint: mapped, AdditionalClaims: list(() => CLAIM) })),
  AuthenticateCognitoConfig: map(() => ({
    OnUnauthenticatedRequest: mapped,
    AuthenticationRequestExtraParams: LOGIN,
    Scope: LOGIN,
    SessionCookieName: LOGIN,
    SessionTimeout: LOGIN,
    UserPoolArn: LOGIN,
    UserPoolClientId: LOGIN,
    UserPoolDomain: LOGIN,
  })),
  AuthenticateOidcConfig: map(() => ({
    OnUnauthenticatedRequest: mapped,
    AuthenticationRequestExtraParams: LOGIN,
    AuthorizationEndpoint: LOGIN,
    ClientId: LOGIN,
    ClientSecret: LOGIN,
    Issuer: LOGIN,
    Scope: LOGIN,
    SessionCookieName: LOGIN,
    SessionTimeout: LOGIN,
    TokenEndpoint: LOGIN,
    UseExistingClientSecret: LOGIN,
    UserInfoEndpoint: LOGIN,
  })),
};
