/** What a certificate must be for the listener that it is meant for. */
export interface Expectations {
  /** Host names that callers use; with none there is nothing to compare. */
  readonly names: readonly string[];
  /** Where the load balancer stands; undefined where nobody has said it. */
  readonly region?: string;
  /** The ARN of the load balancer that must use it; undefined where it need not be in use yet. */
  readonly inUseBy?: string;
  /** With fewer days left, something is wrong. */
  readonly minDays: number;
}

/** A note asks for nothing now, and does not fail the command. */
export type Verdict = 'ok' | 'wrong' | 'note';

/** One answer about a certificate, in a sentence, with what to do where it is wrong. */
export interface Checked {
  readonly check: 'issued' | 'names' | 'key' | 'expiry' | 'renewal' | 'region' | 'in use' | 'type' | 'purpose';
  readonly verdict: Verdict;
  readonly says: string;
}

/** What one certificate came to. */
export interface CheckedCertificate {
  readonly arn: string;
  readonly checks: readonly Checked[];
}
