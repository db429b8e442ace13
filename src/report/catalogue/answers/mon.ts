import { type ControlAnswers, derived } from '../answer';

const ALARMS = derived('`SecureCore` builds its `SecurityAlarms`, and no prop leaves one out; thresholds can be set');

export const MON = {
  'MON-1': { typed: ALARMS },
  'MON-2': { typed: ALARMS },
  'MON-5': { typed: derived('`Telemetry` takes an endpoint together with the name of the service; synthesis refuses one without TLS') },
  'MON-7': { typed: derived('`AuditTrail` saves its queries, and no prop leaves one out') },
  'MON-8': { typed: derived('`Gate` answers health checks by itself, in words that are fixed, and no prop adds to them') },
} as const satisfies ControlAnswers;
