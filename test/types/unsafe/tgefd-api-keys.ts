// expect: Property 'apiKeys' does not exist on type 'typeof TgefdAuth'
// control: IDN-8
import { TgefdAuth } from '../../../src';

export const unsafe: TgefdAuth = TgefdAuth.apiKeys();
