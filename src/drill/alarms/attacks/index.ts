import type { AlarmAttack } from '../attack';
import { DELIVERED_ATTACKS } from './delivered';
import { RINGING_ATTACKS } from './rings';

export const ALARM_ATTACKS: readonly AlarmAttack[] = [...RINGING_ATTACKS, ...DELIVERED_ATTACKS];
