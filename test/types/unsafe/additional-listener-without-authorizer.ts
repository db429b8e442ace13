// expect: Property 'authorizer' is missing
// control: IDN-1
import type { IngressProps } from '../../../src';

export const unsafe = (ingress: IngressProps): IngressProps => ({ ...ingress, additionalListener: { port: 8443 } });
