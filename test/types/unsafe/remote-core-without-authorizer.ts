// expect: Property 'authorizer' is missing
// control: IDN-1
import { Access, Profile, Route } from '../../../src';

export const unsafe = (): Profile => Profile.remoteCore({ routes: [Route.get('/v1/models', { access: Access.authenticated() })] });
