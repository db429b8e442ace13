/**
 * A scope as OAuth writes it (RFC 6749, section 3.3), without commas, which some issuers separate by and nobody here splits at, and without
 * asterisks, which grant nothing (C-09, AZN-4, AZN-5).
 */
const SCOPE = /^[\x21\x23-\x29\x2b\x2d-\x5b\x5d-\x7e]{1,256}$/;

/** What Cognito takes for the name of a group (Cognito API, `CreateGroup`). */
const ROLE = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u;

/** A subject becomes a header and a key of the limiter. OpenID Connect Core, section 2: `sub` is at most 255 characters of ASCII. */
const SUBJECT = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

export const isScope = (value: unknown): value is string => typeof value === 'string' && SCOPE.test(value);
export const isRole = (value: unknown): value is string => typeof value === 'string' && ROLE.test(value);
export const isSubject = (value: unknown): value is string => typeof value === 'string' && SUBJECT.test(value);
