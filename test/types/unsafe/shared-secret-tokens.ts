// expect: is not assignable to type 'JwtAlgorithm'
// control: IDN-2
import { type GateJwtProps, GateProof } from '../../../src';

export const unsafe = (props: GateJwtProps): GateProof => GateProof.jwt({ ...props, algorithms: ['HS256'] });
