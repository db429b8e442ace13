/**
 * The oldest TLS that the listener speaks (TLS-2); the values are Elastic Load Balancing security policies.
 */
export enum TlsFloor {
  /** TLS 1.3 only. */
  TLS_1_3 = 'ELBSecurityPolicy-TLS13-1-3-2021-06',

  /** TLS 1.3 only, with post-quantum key exchange for callers that offer it. */
  TLS_1_3_POST_QUANTUM = 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09',

  /** TLS 1.3 only, on FIPS 140-3 validated cryptography. */
  TLS_1_3_FIPS = 'ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04',

  /** TLS 1.3 only, FIPS validated, with post-quantum key exchange for callers that offer it. */
  TLS_1_3_FIPS_POST_QUANTUM = 'ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09',

  /** TLS 1.2 with forward secrecy and authenticated ciphers, for a caller that has no TLS 1.3. The pack warns of it. */
  TLS_1_2_RESTRICTED = 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
}
