// expect: 'path' does not exist in type 'Route'
// control: NET-7
import type { IngressProps } from '../../../src';

export const unsafe = (ingress: IngressProps): IngressProps => ({ ...ingress, routes: [{ path: '/*' }] });
