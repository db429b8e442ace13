// expect: Property 'none' does not exist
// control: IDN-9
import { NodeToolAuth } from '../../../src';

export function unsafe(): NodeToolAuth {
  return NodeToolAuth.none();
}
