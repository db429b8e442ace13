import type { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkKind, having } from '../check-kinds';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';
import { BOUNDS } from './contract';

const DURATION = having('toSeconds', 'Name a Duration, or leave it out.');

/** Whole seconds within what the broker takes. */
export function checkedSeconds(scope: IConstruct, prop: string, given: Duration, bound: keyof typeof BOUNDS): number {
  checkKind(scope, prop, given, DURATION);
  const [least, most] = BOUNDS[bound];
  const seconds = given.isUnresolved() ? undefined : given.toMilliseconds() / 1000;
  if (seconds !== undefined && isWhole(seconds, least, most)) return seconds;
  throw invalidProp(scope, prop, seconds === undefined ? 'a token' : given.toString(), `Name ${least} to ${most} whole seconds.`);
}
