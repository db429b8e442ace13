import type { Verdict } from '../verdict';
import { ALARM_VERDICTS } from './alarms';
import { ARCHIVE_VERDICTS } from './archive';
import { BACKUP_VERDICTS } from './backup';
import { DATA_VERDICTS } from './data';
import { EDGE_VERDICTS } from './edge';
import { EGRESS_VERDICTS } from './egress';
import { GATE_VERDICTS } from './gate';
import { IDENTITY_VERDICTS } from './identity';
import { NETWORK_VERDICTS } from './network';
import { REPOINT_VERDICTS } from './repointed';
import { SECRET_VERDICTS } from './secrets';
import { VARIABLE_VERDICTS } from './variables';
import { WEB_ACL_VERDICTS } from './web-acl';
import { WORKER_VERDICTS } from './workers';
import { WORKLOAD_VERDICTS } from './workload';

/** Why each mutant that the pack does not find is left alone. */
export const VERDICTS: readonly Verdict[] = [
  ...EDGE_VERDICTS, ...IDENTITY_VERDICTS, ...WEB_ACL_VERDICTS, ...NETWORK_VERDICTS, ...EGRESS_VERDICTS, ...WORKLOAD_VERDICTS, ...DATA_VERDICTS,
  ...REPOINT_VERDICTS, ...GATE_VERDICTS, ...SECRET_VERDICTS, ...ALARM_VERDICTS, ...ARCHIVE_VERDICTS, ...BACKUP_VERDICTS, ...VARIABLE_VERDICTS,
  ...WORKER_VERDICTS,
];
