/** Seconds over which WAF can count (AWS WAF guide). */
export const WAF_WINDOWS: readonly number[] = [60, 120, 300, 600];

/** The lowest limit that WAF accepts (AWS WAF guide). */
export const WAF_MIN_LIMIT = 10;

/**
 * Requests a second from one address above which a limit slows nobody down: ten times the largest budget
 * that one caller may be given (1000 a second).
 */
export const MAX_RATE = 10_000;
