// expect: Property 'audience' is missing
import { Authorizer } from '../../../src';

export const unsafe = Authorizer.jwt({ issuer: 'https://login.acme.com/', jwksUri: 'https://login.acme.com/jwks' });
