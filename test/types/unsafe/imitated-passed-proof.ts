// expect: missing the following properties from type 'PassedProof'
// control: IDN-7
import type { PassedProof } from '../../../src';

export const unsafe: PassedProof = { _serialize: () => ({ proof: 'key', header: 'x-user-id' }) };
