import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { invalidProp } from './invalid-prop';

/** Refuses what stands in another region, and can neither be routed to nor attached. Regions that are not known pass. */
export function checkSameRegion(scope: Construct, prop: string, region: string): void {
  const own = Stack.of(scope).region;
  if (Token.isUnresolved(region) || Token.isUnresolved(own) || region === own) return;
  throw invalidProp(scope, prop, `of ${region}`, `This stack is in ${own}: name one of that region.`);
}
