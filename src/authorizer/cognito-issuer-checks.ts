import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invalidProp, isListToken } from '../invalid-prop';
import type { CognitoCaller } from './cognito-issuer';

/** As many values as a load balancer compares a claim with (AWS ELB API, JwtValidationActionAdditionalClaim). */
const MAX_CALLERS = 10;

/** What Cognito takes for a scope and for an identifier (Cognito API, ResourceServerScopeType and CreateResourceServer). */
const SCOPE_NAME = /^[\x21\x23-\x2e\x30-\x5b\x5d-\x7e]{1,256}$/;
const IDENTIFIER = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/;

/** They become ids of constructs, which must be known when the app is synthesized. */
const CALLER_NAME = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

export function checkScopes(scope: IConstruct, resourceServer: string, names: readonly string[]): void {
  if (!Token.isUnresolved(resourceServer) && !IDENTIFIER.test(resourceServer)) {
    throw invalidProp(scope, 'resourceServer', resourceServer, 'Name 1 to 256 printable characters without blanks, quotes and backslashes, such as core.');
  }
  if (names.length === 0 || isListToken(names)) throw invalidProp(scope, 'scopes', names, 'Name at least one scope: Cognito gives no token to a machine without.');
  for (const name of names) {
    if (!Token.isUnresolved(name) && SCOPE_NAME.test(name)) continue;
    throw invalidProp(scope, 'scopes', name, 'Name 1 to 256 printable characters without blanks, slashes, quotes and backslashes, such as invoke.');
  }
  checkUnique(scope, 'scopes', names);
}

export function checkCallers(scope: IConstruct, callers: readonly CognitoCaller[], scopes: readonly string[]): void {
  const names = callers.map(({ name }) => name);
  if (names.length === 0 || names.length > MAX_CALLERS) {
    throw invalidProp(scope, 'callers', names, `Name 1 to ${MAX_CALLERS} callers: a load balancer compares a claim with no more. Build a second ingress for others.`);
  }
  for (const { name, scopes: named } of callers) {
    if (Token.isUnresolved(name) || !CALLER_NAME.test(name)) throw invalidProp(scope, 'callers', name, 'Name 1 to 64 lower-case letters, digits and inner hyphens, such as platform.');
    if (named === undefined && scopes.length > 1) throw invalidProp(scope, `callers.${name}.scopes`, named, `Name those of ${scopes.join(', ')} that it needs, and no more (AZN-6).`);
    const granted = named ?? scopes;
    const unknown = granted.find((each) => !scopes.includes(each));
    if (unknown !== undefined) throw invalidProp(scope, `callers.${name}.scopes`, unknown, `Name some of the issuer's scopes: ${scopes.join(', ')}.`);
    if (granted.length === 0) throw invalidProp(scope, `callers.${name}.scopes`, granted, 'Name at least one scope: Cognito gives no token to a machine without.');
  }
  checkUnique(scope, 'callers', names);
}

function checkUnique(scope: IConstruct, prop: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalidProp(scope, prop, twice, 'Name it once.');
}
