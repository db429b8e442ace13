/** What AWS asks for, in US dollars, in us-east-1, without its free tier; looked up on 2026-11-23. Prices differ by region and change: say yours by `--prices <file>`. */
export const PRICES = {
  /** Each: on-demand, of 1 KB. From a page about AWS's, not AWS's own. */
  dynamoWriteUnit: 0.625e-6,
  /** Each: on-demand, consistent, of 4 KB. From the same page. */
  dynamoReadUnit: 0.125e-6,
  /** Each call. From a page about AWS's. */
  secretRead: 0.05e-4,
  /** Each request; one for each read of a secret under a key of one's own. From memory. */
  keyUse: 0.03e-4,
  /** Each call. From a page about AWS's. */
  invocation: 0.2e-6,
  /** On arm64. From a page about AWS's. */
  gigabyteSecond: 13.3334e-6,
  /** Taken in, standard class. From memory. */
  logGigabyte: 0.5,
} as const;
export type Prices = Readonly<Record<keyof typeof PRICES, number>>;

/** What cannot be measured here. */
export const ASSUMED = {
  /** As the construct has it. */
  memoryGigabytes: 0.25,
  /** Of one call in AWS: six calls of services, one after the other, of some milliseconds each (ours). */
  seconds: 0.04,
} as const;
