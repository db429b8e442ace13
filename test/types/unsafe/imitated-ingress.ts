// expect: is missing the following properties from type 'Ingress'
// control: IDN-1
import type { IngressProps, SecureCoreProps } from '../../../src';

/** What forwards is built by the library alone. */
export const unsafe = (core: SecureCoreProps, ingress: IngressProps): SecureCoreProps => ({ ...core, ingress });
