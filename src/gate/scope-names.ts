import { Token, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';

/** What OAuth 2.0 takes for a scope (RFC 6749, section 3.3), without the asterisk, which people would read as a wildcard (AZN-4), and the comma, which some issuers separate scopes with (AZN-5). */
const NAME = /^[\x21\x23-\x29\x2b\x2d-\x5b\x5d-\x7e]{1,256}$/;

const REMEDY = 'Name one of 1 to 256 printable characters, without blanks, quotes, backslashes, commas and *: a wildcard grants nothing here.';

/** Whether some token could carry a scope, and it stands for itself alone. Of one that only a deployment knows, what is written out is looked at. */
export function isScopeName(name: string): boolean {
  return NAME.test(written(name));
}

/** Refuses a scope that no token could carry, or that is meant to stand for several. */
export function checkScopeName(scope: IConstruct, prop: string, name: string): void {
  // From JavaScript anything may come, which a pattern would take for its text.
  if (typeof name !== 'string' || !isScopeName(name)) throw invalidProp(scope, prop, name, REMEDY);
}

/** A text with a letter in place of what only a deployment knows. */
export function written(text: string): string {
  if (!Token.isUnresolved(text)) return text;
  return String(Tokenization.reverseString(text).mapTokens({ mapToken: () => 'x' }).join({ join: (left, right) => `${String(left)}${String(right)}` }));
}

/** Refuses a role by whose name nobody could be told apart. */
export function checkRoleName(scope: IConstruct, prop: string, name: string): void {
  if (Token.isUnresolved(name)) throw invalidProp(scope, prop, name, 'Write the role out: which roles there are has to be known when the app is synthesized.');
  if (!NAME.test(name)) throw invalidProp(scope, prop, name, REMEDY);
}
