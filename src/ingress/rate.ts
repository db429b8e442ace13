/** Seconds over which WAF can count (AWS WAF guide). */
export const WAF_WINDOWS: readonly number[] = [60, 120, 300, 600];

/** The lowest limit that WAF accepts (AWS WAF guide). */
export const WAF_MIN_LIMIT = 10;

/**
 * Requests a second from one address above which a limit slows nobody down: the largest budget that one caller may be
 * given. It leaves room for a hundred callers of 10 a second, the default budget, behind one address.
 */
export const MAX_RATE = 1000;
