import { Stack, Token } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';

const ENVIRONMENT = /^[a-z][a-z0-9-]{0,31}$/;

/** What Secrets Manager takes (API, CreateSecret), here without a slash at either end. */
const NAME = /^[A-Za-z0-9_+=.@-]+(\/[A-Za-z0-9_+=.@-]+)*$/;
const MAX_NAME_LENGTH = 512;

interface Claim {
  readonly environment: string;
  readonly path: string;
}

const ofStacks = new WeakMap<Stack, Claim>();
const ofSecrets = new WeakMap<ISecret, Claim>();
const namesOf = new WeakMap<Stack, Map<string, string>>();

/**
 * The name of a secret of an environment, such as `production/Core/InternalKey` (NT-37): by it a policy, a person and a rule tell whose it is.
 *
 * One stack serves one environment, so that no service is given another one's secret.
 *
 * @param name behind the prefix; the place in the app where nothing is given
 */
export function nameInEnvironment(scope: IConstruct, environment: string, name = scope.node.path): string {
  claimEnvironment(scope, environment);
  return claimName(scope, `${environment}/${name.replace(/[^A-Za-z0-9/_+=.@-]/g, '-')}`);
}

/** A whole name that somebody chose: it has to be of the environment. */
export function checkEnvironment(scope: IConstruct, environment: string, secretName: string): string {
  claimEnvironment(scope, environment);
  if (Token.isUnresolved(secretName) || !secretName.startsWith(`${environment}/`)) {
    throw invalidProp(scope, 'secretName', secretName, `Begin with ${environment}/: environments share no secrets.`);
  }
  return claimName(scope, secretName);
}

/** Remembers whose a secret is. */
export function markEnvironment(secret: ISecret, scope: IConstruct, environment: string | undefined): void {
  if (environment !== undefined) ofSecrets.set(secret, { environment, path: scope.node.path });
}

/** Refuses a secret that a stack of another environment made. */
export function checkSameEnvironment(scope: IConstruct, prop: string, secret: ISecret): void {
  const own = ofStacks.get(Stack.of(scope));
  const other = ofSecrets.get(secret);
  if (own && other && own.environment !== other.environment) {
    throw invalidProp(scope, prop, `${other.path} of ${other.environment}`, `This stack is of ${own.environment}: give it a secret of its own, environments share none.`);
  }
}

/** Remembers whose stack it is, and refuses a second environment in it. */
export function claimEnvironment(scope: IConstruct, environment: string): void {
  if (!ENVIRONMENT.test(environment)) throw invalidProp(scope, 'environment', environment, 'Begin with a lower-case letter, and use lower-case letters, digits and hyphens only, 32 at most.');
  const stack = Stack.of(scope);
  const claim = ofStacks.get(stack);
  if (claim && claim.environment !== environment) {
    throw invalidProp(scope, 'environment', environment, `${claim.path} of the same stack is of ${claim.environment}: give every environment a stack and secrets of its own.`);
  }
  ofStacks.set(stack, { environment, path: scope.node.path });
}

function claimName(scope: IConstruct, secretName: string): string {
  if (!NAME.test(secretName) || secretName.length > MAX_NAME_LENGTH) {
    throw invalidProp(scope, 'secretName', secretName, `Use letters, digits and /_+=.@- only, with no slash at an end, and at most ${MAX_NAME_LENGTH} characters.`);
  }
  const stack = Stack.of(scope);
  const taken = namesOf.get(stack) ?? new Map<string, string>();
  const other = taken.get(secretName);
  if (other !== undefined) throw invalidProp(scope, 'secretName', secretName, `${other} of the same stack has that name: use what it holds in both places, or choose another name.`);
  namesOf.set(stack, taken.set(secretName, scope.node.path));
  return secretName;
}
