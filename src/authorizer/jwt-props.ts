/** What every token must carry. */
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
