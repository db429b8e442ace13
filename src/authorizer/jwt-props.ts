import type { Duration } from 'aws-cdk-lib';

/** The claim that says who a token is about (IDN-11). */
export enum JwtSubjectClaim {
  /** The issuer's own id of a person or a machine (RFC 7519). */
  SUB = 'sub',

  /** The client that the token was issued to, for machines. */
  CLIENT_ID = 'client_id',

  /** What Cognito calls a person. */
  USERNAME = 'username',
}

/** The claim that says what a token is good for (AZN-5). No other is read, since people can often write others about themselves. */
export enum JwtScopesClaim {
  /** Separated by blanks (RFC 8693). */
  SCOPE = 'scope',

  /** As Microsoft and Okta call it. */
  SCP = 'scp',

  /** A list. */
  SCOPES = 'scopes',
}

/** What every token must carry. The load balancer verifies it, and the gate verifies it once more. */
export interface JwtIssuerProps {
  /**
   * The issuer, exactly as tokens spell it in `iss`: an https URL of at most 256 characters (IDN-3).
   */
  readonly issuer: string;

  /**
   * Where the issuer publishes its signing keys: an https URL of at most 256 characters.
   *
   * The load balancer fetches it from the public internet, takes at most 10 keys and 150 KB, and verifies RS256 only
   * (AWS ELB guide, "Verify JWTs").
   */
  readonly jwksUri: string;

  /**
   * A scope that must be among the token's space-separated `scope`.
   *
   * One, because how the load balancer combines several values is not documented.
   *
   * @default - any scope
   */
  readonly scope?: string;

  /**
   * Which claim tells the gate who calls (IDN-11). The load balancer looks at none.
   *
   * @default JwtSubjectClaim.SUB; JwtSubjectClaim.CLIENT_ID for tokens that name their client
   */
  readonly subjectClaim?: JwtSubjectClaim;

  /**
   * Which claim tells the gate the caller's scopes (AZN-5).
   *
   * @default JwtScopesClaim.SCOPE
   */
  readonly scopesClaim?: JwtScopesClaim;

  /**
   * Which claim tells the gate the caller's roles, such as `cognito:groups` (AZN-3). One that people can write themselves, such as `custom:role`, is refused (AZN-5).
   *
   * @default - tokens name no roles
   */
  readonly rolesClaim?: string;

  /**
   * How far the issuer's clock and the gate's may be apart: 0 to 60 whole seconds (IDN-11). The load balancer's own tolerance cannot be set.
   *
   * @default Duration.seconds(60)
   */
  readonly clockSkew?: Duration;
}

/** Tokens that name their audience. */
export interface JwtAuthorizerProps extends JwtIssuerProps {
  /**
   * What tokens name in `aud`, such as `core`. A token for another service of the same issuer is refused.
   */
  readonly audience: string;

  /**
   * How the issuer writes `aud`.
   *
   * @default JwtAudienceFormat.STRING
   */
  readonly audienceFormat?: JwtAudienceFormat;
}

/** How an issuer writes the audience into its tokens. */
export enum JwtAudienceFormat {
  /** `"aud": "core"`. */
  STRING = 'single-string',

  /** `"aud": ["core", "…"]`. */
  LIST = 'string-array',
}

/** Tokens that name their client. */
export interface JwtClientAuthorizerProps extends JwtIssuerProps {
  /**
   * The clients whose access tokens are accepted, as tokens name them in `client_id`; at most 10 (AWS ELB API).
   */
  readonly clientIds: string[];
}

/** Tokens of a Cognito issuer. */
export interface CognitoAuthorizerOptions {
  /**
   * One of the issuer's scopes that must be among the token's, such as `invoke`.
   *
   * @default - any scope
   */
  readonly scope?: string;
}
