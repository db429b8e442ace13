// expect: Property 'until' is missing
// control: WCC-10
import { BrokerPhase } from '../../../src';

/** A migration that goes on for good. */
export const unsafe = (): BrokerPhase => BrokerPhase.migration({});
