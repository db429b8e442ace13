// expect: Property 'certificate' is missing
// control: TLS-1
import type { Callers, IngressProps, Route } from '../../../src';

export function unsafe(callers: Callers, routes: Route[]): IngressProps {
  return { domainName: 'core.acme.internal', callers, routes };
}
