// expect: missing the following properties from type 'Callers'
// control: NET-2
import type { Callers } from '../../../src';

export const unsafe: Callers = { _bind: ({ connections, ports }) => { for (const port of ports) connections.allowFromAnyIpv4(port); } };
