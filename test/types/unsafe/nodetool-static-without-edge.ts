// expect: Property 'edge' is missing
// control: CFG-3
import { NodeToolAuth, type RotatingSecret } from '../../../src';

export function unsafe(token: RotatingSecret): NodeToolAuth {
  return NodeToolAuth.staticToken({ variable: 'NODETOOL_API_TOKEN', token, reason: 'Only batch jobs of one team call it.' });
}
