// expect: Property 'until' is missing
// control: WCC-10
import { WorkerPhase } from '../../../src';

/** Both kinds of keys, and a file of credentials, for good. */
export const unsafe = (): WorkerPhase => WorkerPhase.migration({ credentialFile: '/run/creds.yml' });
