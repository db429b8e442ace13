// expect: Property 'condition' is missing in type
// control: AZN-1
import type { Access } from '../../../src';

export const unsafe: Access = { _condition: { kind: 'authenticated' }, _check: () => undefined };
