import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { invalidProp } from './invalid-prop';

/** Whether a region is known to be another one than the scope's own; regions that are not known may be the same. */
export function isOtherRegion(scope: Construct, region: string): boolean {
  const own = Stack.of(scope).region;
  return !Token.isUnresolved(region) && !Token.isUnresolved(own) && region !== own;
}

/** Refuses what stands in another region, and can neither be routed to nor attached. */
export function checkSameRegion(scope: Construct, prop: string, region: string): void {
  if (isOtherRegion(scope, region)) throw invalidProp(scope, prop, `of ${region}`, `This stack is in ${Stack.of(scope).region}: name one of that region.`);
}
