// expect: Property 'anybody' does not exist
import { Callers } from '../../../src';

export const unsafe = Callers.anybody();
