import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The one shape of every synth error: where, which prop, what it got, what to do.
 *
 * @param got shown as it is, so never a secret
 */
export function invalidProp(scope: IConstruct, prop: string, got: unknown, todo: string): Error {
  return new Error(`${scope.node.path || 'App'}: ${prop} is ${shown(got)}. ${todo}`);
}

function shown(got: unknown): string {
  if (got === undefined) return 'nothing';
  if (Token.isUnresolved(got)) return 'a token';
  if (typeof got === 'number' || typeof got === 'bigint') return String(got);
  try {
    return JSON.stringify(got);
  } catch {
    return 'nothing that can be shown';
  }
}

/** Whether a list stands for one that only a deployment knows, so that its entries cannot be judged one by one. */
export function isListToken(list: readonly unknown[]): boolean {
  return Token.isUnresolved(list) && list.length === 1 && String(list[0]).startsWith('#{Token[');
}
