// expect: Property 'audience' is missing
// control: IDN-3
import { GateProof } from '../../../src';

export const unsafe = GateProof.jwt({ issuer: 'https://login.acme.com/', jwksUri: 'https://login.acme.com/jwks' });
