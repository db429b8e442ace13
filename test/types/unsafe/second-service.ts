// expect: Property 'taskDefinition' does not exist on type 'CoreService'
// control: IDN-1, NET-2
import type { SecureCore } from '../../../src';

/** The same container run once more, without an ingress. */
export const unsafe = (core: SecureCore): unknown => core.core.taskDefinition;
