export type { AlarmAttack } from './attack';
export { ALARM_ATTACKS } from './attacks';
export { alarmGround, attackAlarms, proveAlarms } from './run';
export { translateAlarms } from './translate';
