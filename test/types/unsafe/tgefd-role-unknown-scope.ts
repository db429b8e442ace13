// expect: Property 'REPORTS' does not exist on type 'typeof TgefdScope'
// control: AZN-3
import { type TgefdRoles, TgefdScope } from '../../../src';

export const unsafe: TgefdRoles = { analyst: [TgefdScope.REPORTS] };
