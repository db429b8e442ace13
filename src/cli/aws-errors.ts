import { UsageError } from './usage-error';

/** Longer than any answer takes, and short enough for a person to wait, in milliseconds; the SDK by itself waits for ever. */
const TIMEOUT_MS = 10_000;
export const REQUEST_HANDLER = { connectionTimeout: TIMEOUT_MS, requestTimeout: TIMEOUT_MS, throwOnRequestTimeout: true };

/** Whom a command asks, for a sentence. */
export interface Asked {
  readonly service: string;
  /** The right that asking takes, where it is one only. */
  readonly right?: string;
}

/** Where the names of errors are not what a user would look for: what to do. */
const EXPLAINED: readonly (readonly [names: readonly string[], says: (asked: Asked, message: string) => string])[] = [
  [['CredentialsProviderError'], () => 'There are no AWS credentials: sign in, or name a profile with AWS_PROFILE.'],
  [
    [
      'ExpiredTokenException', 'ExpiredToken', 'UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidSignatureException', 'IncompleteSignature', 'SignatureDoesNotMatch',
      'MissingAuthenticationTokenException', 'RequestExpired',
    ],
    () => 'AWS does not accept the credentials: sign in again, and look at AWS_PROFILE.',
  ],
  [['AccessDeniedException', 'AccessDenied'], ({ right }, message) => `The credentials may not ask: they need ${right ?? deniedIn(message)}.`],
  [['ThrottlingException', 'Throttling', 'TooManyRequestsException'], ({ service }) => `${service} answers no more requests for now: try again in a minute.`],
  [
    ['TimeoutError', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'],
    ({ service }) => `${service} cannot be reached: look at the network, the proxy, the region, and AWS_ENDPOINT_URL if it is set.`,
  ],
  [['ERR_INVALID_URL'], () => 'The endpoint is not a URL: look at AWS_ENDPOINT_URL.'],
];

/** What went wrong and what to do. Messages of AWS may quote the request, session token included, so that none is repeated; which right is missing is taken out of them. */
export function explainAwsError(error: unknown, asked: Asked): string {
  if (error instanceof UsageError) return error.message;
  const names = namesOf(error);
  const known = EXPLAINED.find(([listed]) => listed.some((name) => names.includes(name)));
  if (known) return known[1](asked, error instanceof Error ? error.message : '');
  // What the SDK says before it has asked anybody, under no name of its own.
  if (error instanceof Error && /^Region is missing\b/.test(error.message)) return 'Region is missing: name it with --region or AWS_REGION.';
  if (error instanceof Error && names.length === 1 && error.name === 'Error' && !('$metadata' in error)) return error.message.split('\n')[0] ?? '';
  return `${asked.service} answered ${names[0] ?? 'with an error that has no name'}.`;
}

/** IAM names the action: `User: … is not authorized to perform: wafv2:ListIPSets on resource: …`. */
function deniedIn(message: string): string {
  return /\bperform: ([a-z0-9-]+:[A-Za-z0-9]+)/.exec(message)?.[1] ?? 'more rights';
}

/** An error's name and code, and those of the errors that caused it. */
function namesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const code: unknown = 'code' in error ? error.code : undefined;
  const inner = error instanceof AggregateError ? error.errors.flatMap(namesOf) : [];
  return [error.name, ...(typeof code === 'string' ? [code] : []), ...namesOf(error.cause), ...inner];
}
