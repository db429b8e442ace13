import type { Attack } from './attack';
import { ATTACKS } from './attacks';
import { NETWORK_ATTACKS, type NetworkAttack } from './network';

/** Every attack of a drill: on what callers meet, and on who reaches whom. */
export const EVERY_ATTACK: readonly (Attack | NetworkAttack)[] = [...ATTACKS, ...NETWORK_ATTACKS];
