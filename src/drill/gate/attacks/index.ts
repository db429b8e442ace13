import type { Attack } from '../../attack';
import { ACCESS_ATTACKS } from './access';
import { ANSWER_ATTACKS } from './answers';
import { IDENTITY_ATTACKS } from './identity';
import { RAW_ATTACKS } from './raw';
import { SCOPE_ATTACKS } from './scope-sources';
import { STORED_KEY_ATTACKS } from './stored-keys';
import { TOKEN_ATTACKS } from './tokens';

/** On the gate itself, as a deployment runs it. */
export const GATE_ATTACKS: readonly Attack[] = [
  ...IDENTITY_ATTACKS, ...STORED_KEY_ATTACKS, ...TOKEN_ATTACKS, ...ACCESS_ATTACKS, ...SCOPE_ATTACKS, ...ANSWER_ATTACKS, ...RAW_ATTACKS,
];
