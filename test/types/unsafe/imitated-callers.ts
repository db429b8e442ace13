// expect: missing the following properties from type 'Callers'
import type { Callers } from '../../../src';

export const unsafe: Callers = { _bind: (_scope, connections, port) => connections.allowFromAnyIpv4(port) };
