// expect: missing the following properties from type 'Callers'
// control: NET-2
import type { Callers } from '../../../src';

export const unsafe: Callers = { _bind: (_scope, connections, port) => connections.allowFromAnyIpv4(port) };
