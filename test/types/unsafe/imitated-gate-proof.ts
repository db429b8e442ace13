// expect: missing the following properties from type 'GateProof'
// control: IDN-1
import type { GateProof } from '../../../src';

export const unsafe: GateProof = { _demand: {}, _check: () => undefined };
