// expect: Property 'clientIds' is missing
// control: IDN-3
import { Authorizer } from '../../../src';

export const unsafe = Authorizer.jwtClients({ issuer: 'https://login.acme.com/', jwksUri: 'https://login.acme.com/jwks' });
