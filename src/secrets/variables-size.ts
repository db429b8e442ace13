import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Of all variables of a function, names included (Lambda guide, "Lambda quotas"). */
const MOST_BYTES = 4096;

/** What a name or an ARN may be long that only a deployment knows (our figure; what CloudFormation makes up is rarely longer, and no function's name is). */
const UNKNOWN_BYTES = 64;

/** What variables take, as far as synthesis knows, and with a guess at the rest. */
function bytesOf(value: unknown): { readonly known: number; readonly likely: number } {
  if (typeof value === 'string') return { known: Buffer.byteLength(value), likely: Buffer.byteLength(value) };
  if (typeof value === 'object' && value !== null && 'Fn::Join' in value) {
    const [, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.map(bytesOf).reduce((sum, { known, likely }) => ({ known: sum.known + known, likely: sum.likely + likely }), { known: 0, likely: 0 });
  }
  return { known: 0, likely: UNKNOWN_BYTES };
}

/** Says where AWS Lambda would refuse a function's variables. @param todo what makes them shorter */
export function tooLong(scope: IConstruct, variables: Readonly<Record<string, string>>, todo: string): string[] {
  const sizes = Object.entries(Stack.of(scope).resolve(variables) as Record<string, unknown>).map(([name, value]) => ({ name, ...bytesOf(value) }));
  const likely = sizes.reduce((sum, one) => sum + Buffer.byteLength(one.name) + one.likely, 0);
  if (likely <= MOST_BYTES) return [];
  const [largest] = sizes.sort((one, other) => other.likely - one.likely);
  return [`has about ${likely} bytes of variables, ${largest?.known ?? 0} of them written in ${largest?.name ?? ''}, and AWS Lambda takes ${MOST_BYTES}. ${todo}`];
}
