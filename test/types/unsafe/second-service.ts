// expect: Property 'taskDefinition' does not exist on type 'CoreService'
import type { SecureCore } from '../../../src';

/** The same container run once more, without an ingress. */
export const unsafe = (core: SecureCore): unknown => core.core.taskDefinition;
