// expect: Property 'listeners' is private
// control: IDN-1
import type { SecureIngress } from '../../../src';

/** A second action on it would forward without the authorizer. */
export const unsafe = (ingress: SecureIngress): unknown => ingress.listeners[0];
