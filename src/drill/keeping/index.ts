export type { KeepingAttack, KeepingModel } from './attack';
export { COMING_BACK_ATTACKS, KEEPING_ATTACKS, TRAIL_ATTACKS, WORKER_ATTACKS } from './attacks';
export { keepingGround } from './ground';
export { attackKeeping, type KeepingGround, proveKeeping } from './run';
