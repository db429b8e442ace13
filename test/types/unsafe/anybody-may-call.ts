// expect: Property 'anybody' does not exist
// control: NET-2
import { Callers } from '../../../src';

export const unsafe = Callers.anybody();
