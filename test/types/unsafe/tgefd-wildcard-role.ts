// expect: Type '"*"' is not assignable to type 'TgefdScope'
// control: AZN-4
import type { TgefdRoles } from '../../../src';

export const unsafe: TgefdRoles = { admin: ['*'] };
