// expect: Property 'sharedFile' does not exist on type 'typeof WorkerPhase'
// control: WCC-10
import { WorkerPhase } from '../../../src';

/** Every worker reads every credential from one file. */
export const unsafe = (): WorkerPhase => WorkerPhase.sharedFile('creds.yml');
