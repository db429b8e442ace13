// expect: Type 'string' is not assignable to type 'Secret'
// control: MON-4
import { ErrorTracking } from '../../../src';

export const unsafe = ErrorTracking.sentry({ dsn: 'https://key@o1.ingest.sentry.io/1', host: 'o1.ingest.sentry.io' });
