import { ALARM_ATTACKS, type AlarmAttack } from './alarms';
import type { Attack } from './attack';
import { ATTACKS } from './attacks';
import { KEEPING_ATTACKS, type KeepingAttack } from './keeping';
import { NETWORK_ATTACKS, type NetworkAttack } from './network';

/** Every attack of a drill: on what callers meet, on who reaches whom, on what is kept, and on what is watched. */
export const EVERY_ATTACK: readonly (Attack | NetworkAttack | KeepingAttack | AlarmAttack)[] = [...ATTACKS, ...NETWORK_ATTACKS, ...KEEPING_ATTACKS, ...ALARM_ATTACKS];
