/** Seconds over which WAF can count (AWS WAF guide). */
export const WAF_WINDOWS: readonly number[] = [60, 120, 300, 600];

/** The lowest limit that WAF accepts (AWS WAF guide). */
export const WAF_MIN_LIMIT = 10;

/**
 * Requests a second from one address above which a limit slows nobody down: the largest budget that one caller may be
 * given. It leaves room for a hundred callers of 10 a second, the default budget, behind one address.
 */
export const MAX_RATE = 1000;

/** How many callers' worth of each budget one address may have unless said otherwise: callers that share a gateway share an address. */
const CALLERS_BEHIND_ONE_ADDRESS = 10;

/** Requests a minute that one address may send unless said otherwise. */
export const DEFAULT_RATES = {
  /** 10 a second and caller (CX-27). */
  any: 10 * 60 * CALLERS_BEHIND_ONE_ADDRESS,
  /** 60 a minute and caller (TG-56). */
  heavy: 60 * CALLERS_BEHIND_ONE_ADDRESS,
  /** 10 a minute and caller: what a person needs who mistypes, and nothing that guesses. */
  credentials: 10 * CALLERS_BEHIND_ONE_ADDRESS,
} as const;
