import type { Attack } from './attack';
import { ATTACKS } from './attacks';
import { KEEPING_ATTACKS, type KeepingAttack } from './keeping';
import { NETWORK_ATTACKS, type NetworkAttack } from './network';

/** Every attack of a drill: on what callers meet, on who reaches whom, and on what is kept. */
export const EVERY_ATTACK: readonly (Attack | NetworkAttack | KeepingAttack)[] = [...ATTACKS, ...NETWORK_ATTACKS, ...KEEPING_ATTACKS];
