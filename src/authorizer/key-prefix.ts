import { Token } from 'aws-cdk-lib';

/** What API keys begin with unless something else is said (CX-03). */
export const DEFAULT_KEY_PREFIX = 'ctx_';

/** Scanners find leaked keys by it, and logs mask them. */
export const KEY_PREFIX_REMEDY = 'Name 2 to 16 lower-case letters and digits and an underscore, such as ctx_: scanners find leaked keys by it.';

export const isKeyPrefix = (prefix: string): boolean => typeof prefix === 'string' && !Token.isUnresolved(prefix) && /^[a-z][a-z0-9]{1,15}_$/.test(prefix);

/** For a message: what is longer than any prefix may be a whole key in the wrong place. */
export const shownPrefix = (prefix: unknown): unknown => (typeof prefix === 'string' && prefix.length > 17 && !Token.isUnresolved(prefix) ? `a text of ${prefix.length} characters` : prefix);
