import { Token } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IConstruct } from 'constructs';
import { invalidProp, isListToken } from '../invalid-prop';
import { parsedUrl } from '../parsed-url';
import { JwtAudienceFormat, type JwtAuthorizerProps, type JwtClientAuthorizerProps, type JwtIssuerProps } from './jwt-props';

/** Limits of the ELB API for jwt-validation. */
const MAX_LENGTH = 256;
const MAX_VALUES = 10;

export interface Claim {
  readonly name: string;
  readonly format: JwtAudienceFormat | 'space-separated-values';
  readonly values: readonly string[];
  /** The prop that the values came from, for errors. */
  readonly prop: string;
}

export function audienceClaims(props: JwtAuthorizerProps): Claim[] {
  return [{ name: 'aud', format: props.audienceFormat ?? JwtAudienceFormat.STRING, values: [props.audience], prop: 'audience' }];
}

export function clientClaims(props: JwtClientAuthorizerProps): Claim[] {
  return [
    { name: 'client_id', format: JwtAudienceFormat.STRING, values: props.clientIds, prop: 'clientIds' },
    // An ID token of the same issuer is not a credential for an API.
    { name: 'token_use', format: JwtAudienceFormat.STRING, values: ['access'], prop: 'tokenUse' },
  ];
}

/** All that a token must carry beside its issuer: whom it is for or from, and a scope where one is asked for. */
export function requiredClaims(props: JwtIssuerProps, identity: readonly Claim[]): Claim[] {
  return props.scope === undefined ? [...identity] : [...identity, { name: 'scope', format: 'space-separated-values', values: [props.scope], prop: 'scope' }];
}

/** Refuses an issuer or claims that would let more tokens pass than they say, or that nobody could fetch the keys of. */
export function checkIssuer(scope: IConstruct, props: JwtIssuerProps, identity: readonly Claim[], place = 'authorizer'): void {
  checkUrl(scope, place, 'issuer', props.issuer);
  checkUrl(scope, place, 'jwksUri', props.jwksUri);
  for (const claim of requiredClaims(props, identity)) checkClaim(scope, place, claim);
}

/** Lets the load balancer verify signature, expiry, issuer and claims before it goes on to the next action. */
export function jwtValidation(props: JwtIssuerProps, identity: readonly Claim[], next: elbv2.ListenerAction): elbv2.ListenerAction {
  const claims = requiredClaims(props, identity);
  return new JwtValidationAction({
    issuer: props.issuer,
    jwksEndpoint: props.jwksUri,
    additionalClaims: claims.map(({ name, format, values }) => ({ name, format, values: [...values] })),
  }, next);
}

/** `ListenerAction.authenticateJwt` has no claims beside the issuer, and would admit any token of the issuer. */
class JwtValidationAction extends elbv2.ListenerAction {
  public constructor(jwtValidationConfig: elbv2.CfnListener.JwtValidationConfigProperty, next: elbv2.ListenerAction) {
    super({ type: 'jwt-validation', jwtValidationConfig }, next);
  }
}

/** Where the load balancer fetches the keys from. */
export function hostsOf({ jwksUri }: Partial<JwtIssuerProps>): string[] {
  // A program in plain JavaScript can leave it out; checkUrl says so.
  if (jwksUri === undefined) return [];
  return [parsedUrl(jwksUri)?.hostname ?? jwksUri];
}

/** Hosts that only this machine or this network knows; whoever fetches the keys asks public DNS. */
const PRIVATE_HOST = /^([^.]*|.*\.(local|internal|localhost)|127\..*|10\..*|169\.254\..*|192\.168\..*|172\.(1[6-9]|2\d|3[01])\..*|\[.*\])$/i;

function checkUrl(scope: IConstruct, place: string, prop: string, value: string): void {
  if (Token.isUnresolved(value)) return;
  const url = parsedUrl(value);
  if (url && (url.username !== '' || url.password !== '')) {
    throw invalidProp(scope, `${place}.${prop}`, `${url.origin}${url.pathname} with credentials in it`, 'Name an https URL without a user or password.');
  }
  if (url?.protocol !== 'https:' || value.length > MAX_LENGTH || /[\s#]/.test(value)) {
    throw invalidProp(scope, `${place}.${prop}`, value, `Name an https URL of at most ${MAX_LENGTH} characters, such as https://login.acme.com/.`);
  }
  if (prop === 'jwksUri' && PRIVATE_HOST.test(url.hostname)) {
    throw invalidProp(scope, `${place}.${prop}`, value, 'The keys are fetched from the public internet: name a host that public DNS knows.');
  }
}

function checkClaim(scope: IConstruct, authorizer: string, { prop, values, format }: Claim): void {
  const place = `${authorizer}.${prop}`;
  if (isListToken(values)) return;
  if (values.length === 0 || values.length > MAX_VALUES) throw invalidProp(scope, place, values, `Name 1 to ${MAX_VALUES} values; without any, every token of the issuer would pass.`);
  for (const value of values as readonly (string | undefined)[]) {
    // A program in plain JavaScript can leave a prop out.
    if (value === undefined) throw invalidProp(scope, place, value, `Name a value of 1 to ${MAX_LENGTH} characters.`);
    if (Token.isUnresolved(value)) continue;
    if (value.trim() === '' || value.trim() !== value || value.length > MAX_LENGTH) throw invalidProp(scope, place, value, `Name a value of 1 to ${MAX_LENGTH} characters, without blanks around it.`);
    if (format === 'space-separated-values' && /\s/.test(value)) throw invalidProp(scope, place, value, 'Name one scope, without blanks.');
  }
}
