// expect: Property 'anonymous' does not exist on type 'typeof Access'
// control: AZN-1
import { Access, Route } from '../../../src';

export const unsafe = Route.get('/v1/models', { access: Access.anonymous() });
