// expect: Property 'reason' is missing
// control: NET-2, NET-7
import { Callers } from '../../../src';

export const unsafe = Callers.internet({});
