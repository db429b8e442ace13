import type { IConstruct } from 'constructs';

/**
 * The one shape of every synth error: where, which prop, what it got, what to do.
 *
 * @param got shown as it is, so never a secret
 */
export function invalidProp(scope: IConstruct, prop: string, got: unknown, todo: string): Error {
  const shown = got === undefined ? 'nothing' : JSON.stringify(got);
  return new Error(`${scope.node.path || 'App'}: ${prop} is ${shown}. ${todo}`);
}
