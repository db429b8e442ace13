import { Duration } from 'aws-cdk-lib';

/** The longest session of an administrator: a working day, where the load balancer would take up to seven (AWS ELB API, SessionTimeout). The figure is ours. */
export const MAX_SESSION = Duration.hours(8);

/** Of a session that nobody set a length for. The figure is ours. */
export const DEFAULT_SESSION = Duration.hours(1);
