import type { Attack } from '../attack';
import { GATE_ATTACKS } from '../gate/attacks';
import { AZN_ATTACKS } from './azn';
import { HDR_ATTACKS } from './hdr';
import { IDN_ATTACKS } from './idn';
import { INC_ATTACKS } from './inc';
import { RED_ATTACKS } from './red';
import { RTL_ATTACKS } from './rtl';
import { TLS_ATTACKS } from './tls';

/** Every attack. Floods come last: they use up what others may need. */
export const ATTACKS: readonly Attack[] = [...TLS_ATTACKS, ...IDN_ATTACKS, ...AZN_ATTACKS, ...INC_ATTACKS, ...RED_ATTACKS, ...HDR_ATTACKS, ...GATE_ATTACKS, ...RTL_ATTACKS];
