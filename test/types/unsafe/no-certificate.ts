// expect: Property 'certificate' is missing
import type { Callers, IngressProps } from '../../../src';

export function unsafe(callers: Callers): IngressProps {
  return { domainName: 'core.acme.internal', callers };
}
