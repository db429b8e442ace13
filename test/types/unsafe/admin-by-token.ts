// expect: Type 'Authorizer' is missing the following properties from type 'AdminSession'
// control: IDN-10
import type { Authorizer, IngressProps } from '../../../src';

/** The tokens of callers would open the admin plane. */
export const unsafe = (ingress: IngressProps, callers: Authorizer): IngressProps => ({ ...ingress, admin: callers });
