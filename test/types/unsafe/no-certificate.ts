// expect: Property 'certificate' is missing
// control: TLS-1
import type { Callers, IngressProps } from '../../../src';

export function unsafe(callers: Callers): IngressProps {
  return { domainName: 'core.acme.internal', callers };
}
