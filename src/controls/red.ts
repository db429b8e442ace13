import { defineFamily } from './control';

export const RED = defineFamily('Logging redaction', {
  'RED-1': {
    title: 'No secret or payload in logs',
    severity: 'critical',
    sources: ['RC-05', 'RC-18', 'RC-21', 'CX-03', 'CX-36', 'CX-62', 'NT-86', 'TS-17', 'TS-22'],
  },
  'RED-2': {
    title: 'No secret in traces',
    severity: 'high',
    sources: ['RC-19'],
  },
  'RED-3': {
    title: 'Error payloads and codes leak nothing',
    severity: 'high',
    sources: ['RC-20', 'RC-27', 'NT-64', 'TS-21'],
  },
  'RED-4': {
    title: 'Exports masked with `[REDACTED]`, flagged, re-entered',
    severity: 'medium',
    sources: ['CX-35', 'CX-38', 'CX-39', 'CX-40', 'NT-34'],
  },
  'RED-5': {
    title: 'Edge logs masked (WAF fields; no credentials in URLs)',
    severity: 'high',
    sources: ['RC-05', 'TS-02'],
  },
});
