import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';
import type { KeySetConfiguration } from './contract';

/**
 * How a gate asks for issuers' signing keys, and for how long it believes what it got (IDN-5, TG-22 to TG-26): an issuer that hangs or fails delays callers for so long, and no longer.
 *
 * All attempts with the pauses between them have to fit into the ingress's `streamIdleTimeout`, or the load balancer answers before the gate knows.
 * The function that mirrors key sets has bounds of its own.
 */
export interface KeySetFetchProps {
  /**
   * After which it asks again: whole seconds from 60 to 3600.
   *
   * @default Duration.minutes(5)
   */
  readonly ttl?: Duration;

  /**
   * How long one attempt may take: whole seconds from 1 to 10.
   *
   * @default Duration.seconds(3)
   */
  readonly timeout?: Duration;

  /**
   * How often it asks before it gives up: 1 to 5.
   *
   * @default 3
   */
  readonly maxAttempts?: number;

  /**
   * The pause before the second attempt, which doubles with every further one: more than 0.
   *
   * @default Duration.millis(200)
   */
  readonly backoff?: Duration;

  /**
   * The longest pause, at least `backoff` and at most a minute; and how long it does not ask after it has given up.
   *
   * @default Duration.seconds(2)
   */
  readonly maxBackoff?: Duration;
}

const PROP = 'gate.keySetFetch';

/** The longest pause that anybody means: longer than an issuer's deployment takes (ours). */
const MAX_BACKOFF_SECONDS = 60;

/**
 * As the gate is told; without any choice, what the catalogue proposes (TG-22 to TG-26).
 *
 * @param idleTimeout after which the load balancer gives a silent request up
 */
export function keySetBounds(scope: IConstruct, fetch: KeySetFetchProps | undefined, idleTimeout: Duration, place = PROP): Omit<KeySetConfiguration, 'source' | 'uri'> {
  // From JavaScript anything may come, and of a number every figure would be the default.
  if (fetch !== undefined && (typeof fetch !== 'object' || (fetch as unknown) === null)) {
    throw invalidProp(scope, place, fetch, 'Name its bounds, such as { timeout: Duration.seconds(2) }, or leave it out.');
  }
  const { ttl = Duration.minutes(5), timeout = Duration.seconds(3), maxAttempts = 3, backoff = Duration.millis(200), maxBackoff = Duration.seconds(2) } = fetch ?? {};
  const refused = (prop: keyof KeySetFetchProps, got: unknown, todo: string): Error => invalidProp(scope, `${place}.${prop}`, got instanceof Duration ? shown(got) : got, todo);
  const ttlSeconds = secondsOf(ttl);
  if (!isWhole(ttlSeconds, 60, 3600)) throw refused('ttl', ttl, 'Name whole seconds from 60 to 3600.');
  const timeoutSeconds = secondsOf(timeout);
  if (!isWhole(timeoutSeconds, 1, 10)) throw refused('timeout', timeout, 'Name whole seconds from 1 to 10.');
  if (!isWhole(maxAttempts, 1, 5)) throw refused('maxAttempts', maxAttempts, 'Name a whole number from 1 to 5.');
  const backoffSeconds = secondsOf(backoff);
  if (!(backoffSeconds > 0)) throw refused('backoff', backoff, 'Name more than 0: without a pause an issuer in trouble is asked as fast as it fails.');
  const maxBackoffSeconds = secondsOf(maxBackoff);
  if (!(maxBackoffSeconds >= backoffSeconds && maxBackoffSeconds <= MAX_BACKOFF_SECONDS)) throw refused('maxBackoff', maxBackoff, `Name at least backoff, and ${MAX_BACKOFF_SECONDS} seconds at most.`);
  const needed = maxAttempts * (timeoutSeconds + maxBackoffSeconds);
  if (fetch && needed >= idleTimeout.toSeconds()) {
    throw invalidProp(scope, place, `up to ${needed} seconds`, `The load balancer gives a silent request up after ${idleTimeout.toSeconds()} (streamIdleTimeout): wait shorter, or try less often.`);
  }
  return { ttlSeconds, timeoutSeconds, maxAttempts, backoffSeconds, maxBackoffSeconds };
}

/** What only a deployment knows is no number, and within no bounds. */
function secondsOf(duration: Duration): number {
  return duration.isUnresolved() ? NaN : duration.toSeconds({ integral: false });
}

function shown(duration: Duration): string {
  return duration.isUnresolved() ? 'a token' : duration.toString();
}
