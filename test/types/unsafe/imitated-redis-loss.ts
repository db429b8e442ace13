// expect: Property 'local' is missing in type
// control: RTL-6
import type { RedisLoss } from '../../../src';

export const unsafe: RedisLoss = { _serialize: () => ({ kind: 'refuse' }) };
