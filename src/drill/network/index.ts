export { NETWORK_ATTACKS } from './attacks';
export type { NetworkAttack } from './attack';
export { networkGround } from './build';
export type { NetworkModel } from './model';
export { proveNetworks } from './prove';
export { attackNetworks } from './run';
export { translateNetwork } from './translate';
