import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { ClientAddress } from './client-address';
import type { Route } from './route';

/** How much one source may ask for, and where that is written down. */
export interface WebAclOptions {
  /**
   * Requests that one address may send within a window before it is answered 429.
   *
   * The edge stops floods; budgets per caller belong behind it, since callers that share a gateway share an address.
   * At least 10, and only approximate (AWS WAF guide); at most 1000 for each second of the window.
   *
   * @default - 6000 a minute: ten callers' worth of 10 requests a second behind one address
   */
  readonly rateLimit?: number;

  /**
   * The same for requests to heavy routes (RTL-3); at most `rateLimit`.
   *
   * @default - 600 a minute: ten callers' worth of 60 a minute, or `rateLimit` where that is less
   */
  readonly heavyRateLimit?: number;

  /**
   * The same for requests to routes that take credentials; at most `rateLimit`.
   *
   * @default - 100 a minute: ten callers' worth of 10 a minute, or `rateLimit` where that is less
   */
  readonly credentialRateLimit?: number;

  /**
   * Over how long requests are counted: 60, 120, 300 or 600 seconds (AWS WAF guide).
   *
   * @default Duration.minutes(1)
   */
  readonly rateWindow?: Duration;

  /**
   * Where the address stands by which requests are counted.
   *
   * @default ClientAddress.source()
   */
  readonly clientAddress?: ClientAddress;

  /**
   * A header that tells callers apart, such as `x-api-key`, so that each of its values has a budget besides that of the address.
   *
   * Whoever makes values up gets a new budget with each, and still has only one address.
   *
   * @default - none
   */
  readonly keyHeader?: string;

  /**
   * Requests with one value of the key header within a window. Only with `keyHeader`.
   *
   * @default - `rateLimit`
   */
  readonly keyRateLimit?: number;

  /**
   * Requests within a window that all callers together may send without the key header. Only with `keyHeader`.
   *
   * @default - `rateLimit`
   */
  readonly keylessRateLimit?: number;

  /**
   * The log group that WAF writes to; its name starts with `aws-waf-logs-`.
   *
   * @default - one of its own
   */
  readonly logGroup?: logs.ILogGroup;

  /**
   * How long its own log group keeps its records. Only without `logGroup`.
   *
   * @default logs.RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The key that encrypts its own log group. An imported key's policy is not changed: let `logs.<region>.amazonaws.com` use it. Only without `logGroup`.
   *
   * @default - a key of CloudWatch Logs' own
   */
  readonly logEncryptionKey?: kms.IKey;
}

/** What one address may send before a web ACL answers it 429. */
export interface AddressBudget {
  /** Requests, over a minute. */
  readonly perMinute: number;

  /** Requests to heavy routes, over a minute. */
  readonly heavyPerMinute: number;
}

/** A web ACL by itself. */
export interface WebAclProps extends WebAclOptions {
  /**
   * The routes behind it, for those that are heavy, take credentials or take prompts.
   *
   * @default - none of that kind
   */
  readonly routes?: Route[];

  /**
   * Headers that carry credentials beside `authorization`, `cookie` and `x-api-key`, to keep them out of the log (RED-5).
   *
   * @default - none
   */
  readonly credentialHeaders?: string[];

  /**
   * The log group that is told who locked the service down and who opened it again.
   *
   * @default - a log group of the switch's own
   */
  readonly lockdownRecords?: logs.ILogGroup;

  /**
   * What becomes of its own log groups when the stack is destroyed.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
