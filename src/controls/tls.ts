import { defineFamily } from './control';

export const TLS = defineFamily('Ingress TLS', {
  'TLS-1': {
    title: 'Every listener that forwards is HTTPS',
    severity: 'critical',
    sources: ['RC-03', 'RC-07', 'RC-08', 'CX-15', 'CX-16', 'CX-46', 'NT-50', 'NT-55', 'NT-85', 'TS-07'],
  },
  'TLS-2': {
    title: 'TLS 1.3 policy, explicit and allow-listed (1.2 only by opt-down)',
    severity: 'critical',
    sources: ['RC-09'],
  },
  'TLS-3': {
    title: 'Certificates managed, renewed and never shipped as files',
    severity: 'high',
    sources: ['RC-07', 'CX-16', 'NT-51', 'NT-52'],
  },
  'TLS-4': {
    title: 'Port 80 absent or a pure permanent redirect',
    severity: 'high',
    sources: ['RC-08'],
  },
  'TLS-5': {
    title: 'Internal hops encrypted (ALB to gate, gate to stores, telemetry)',
    severity: 'high',
    sources: ['RC-03', 'TG-71', 'NT-65'],
  },
  'TLS-6': {
    title: 'Internal mTLS available as an option',
    severity: 'low',
    sources: ['TG-72'],
  },
  'TLS-7': {
    title: 'ALB request hygiene: drop invalid headers, desync, XFF append, WAF fail-closed',
    severity: 'high',
    sources: ['CX-17', 'TG-48', 'TG-51'],
  },
});
