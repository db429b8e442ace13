import type { Attack } from '../../attack';
import { ACCESS_ATTACKS } from './access';
import { ANSWER_ATTACKS } from './answers';
import { AUDIT_ATTACKS } from './audit';
import { BUDGET_ATTACKS } from './budgets';
import { HEALTH_ATTACKS } from './health';
import { IDENTITY_ATTACKS } from './identity';
import { METRIC_ATTACKS } from './metrics';
import { PASSED_ATTACKS } from './passed';
import { RAW_ATTACKS } from './raw';
import { REPEATED_ATTACKS } from './repeated';
import { SCOPE_ATTACKS } from './scope-sources';
import { START_ATTACKS } from './start';
import { STORE_ATTACKS } from './store-loss';
import { STORED_KEY_ATTACKS } from './stored-keys';
import { STREAM_ATTACKS } from './streams';
import { TOKEN_ATTACKS } from './tokens';
import { WITHDRAWN_ATTACKS } from './withdrawn';

/** On the gate itself, as a deployment runs it. Last come those who spend, or take away, what others may need. */
export const GATE_ATTACKS: readonly Attack[] = [
  ...IDENTITY_ATTACKS, ...PASSED_ATTACKS, ...STORED_KEY_ATTACKS, ...TOKEN_ATTACKS, ...ACCESS_ATTACKS, ...SCOPE_ATTACKS, ...ANSWER_ATTACKS, ...REPEATED_ATTACKS, ...RAW_ATTACKS,
  ...START_ATTACKS, ...METRIC_ATTACKS, ...HEALTH_ATTACKS, ...WITHDRAWN_ATTACKS, ...AUDIT_ATTACKS, ...STREAM_ATTACKS, ...BUDGET_ATTACKS, ...STORE_ATTACKS,
];
