import type { Attack } from '../../attack';
import { ACCESS_ATTACKS } from './access';
import { ANSWER_ATTACKS } from './answers';
import { IDENTITY_ATTACKS } from './identity';
import { TOKEN_ATTACKS } from './tokens';

/** On the gate itself, as a deployment runs it. */
export const GATE_ATTACKS: readonly Attack[] = [...IDENTITY_ATTACKS, ...TOKEN_ATTACKS, ...ACCESS_ATTACKS, ...ANSWER_ATTACKS];
