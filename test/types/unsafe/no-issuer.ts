// expect: Property 'issuer' is missing
// control: IDN-3
import { Authorizer } from '../../../src';

export const unsafe = Authorizer.jwt({ jwksUri: 'https://login.acme.com/jwks', audience: 'core' });
