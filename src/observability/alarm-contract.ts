/** What the template says of alarms, for whoever reads it: rules, and what rehearses them. */

/** On a topic without a subscription of its own template: why, and where its recipients are subscribed. */
export const ELSEWHERE_METADATA = 'cdk-secure-core:recipients-elsewhere';

/** On each alarm that this library makes: its name in ALARMS, by which docs/alarms.md tells what to do. */
export const ALARM_METADATA = 'cdk-secure-core:alarm';
