import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';

/** The oldest TLS that the listener speaks (TLS-2). */
export enum TlsFloor {
  /** TLS 1.3 only. */
  TLS_1_3 = 'TLS_1_3',

  /** TLS 1.3 only, with post-quantum key exchange for callers that offer it. */
  TLS_1_3_POST_QUANTUM = 'TLS_1_3_POST_QUANTUM',

  /** TLS 1.3 only, on FIPS 140-3 validated cryptography. */
  TLS_1_3_FIPS = 'TLS_1_3_FIPS',

  /** TLS 1.3 only, FIPS validated, with post-quantum key exchange for callers that offer it. */
  TLS_1_3_FIPS_POST_QUANTUM = 'TLS_1_3_FIPS_POST_QUANTUM',

  /** TLS 1.2 with forward secrecy and authenticated ciphers, for a caller that has no TLS 1.3. The pack warns of it. */
  TLS_1_2_RESTRICTED = 'TLS_1_2_RESTRICTED',
}

/** What Elastic Load Balancing calls them (describe-ssl-policies). */
export const SSL_POLICIES: Readonly<Record<TlsFloor, SslPolicy>> = {
  [TlsFloor.TLS_1_3]: SslPolicy.TLS13_13,
  [TlsFloor.TLS_1_3_POST_QUANTUM]: SslPolicy.TLS13_13_PQ,
  [TlsFloor.TLS_1_3_FIPS]: SslPolicy.FIPS_TLS13_13,
  [TlsFloor.TLS_1_3_FIPS_POST_QUANTUM]: SslPolicy.FIPS_TLS13_13_PQ,
  [TlsFloor.TLS_1_2_RESTRICTED]: SslPolicy.TLS13_RES,
};

/** Whether nothing older than TLS 1.3 is spoken. */
export function isTls13(floor: TlsFloor): boolean {
  return floor !== TlsFloor.TLS_1_2_RESTRICTED;
}
