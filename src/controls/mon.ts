import { defineFamily } from './control';

export const MON = defineFamily('Monitoring and alarms', {
  'MON-1': {
    title: '4xx/5xx alarms',
    severity: 'high',
    sources: ['RC-22', 'CX-65'],
  },
  'MON-2': {
    title: 'Auth-failure alarm',
    severity: 'high',
    sources: ['RC-23', 'CX-63', 'CX-64', 'NT-67'],
  },
  'MON-3': {
    title: '`gateway_*` metrics present; scrape endpoint restricted',
    severity: 'medium',
    sources: ['CX-56', 'CX-63', 'CX-64', 'CX-65', 'TG-36'],
  },
  'MON-4': {
    title: 'Error tracking wired and scrubbed',
    severity: 'low',
    sources: ['NT-64'],
  },
  'MON-5': {
    title: 'OpenTelemetry wired over safe transport',
    severity: 'low',
    sources: ['NT-65'],
  },
  'MON-6': {
    title: 'Alarms have recipients',
    severity: 'high',
    sources: ['NT-68'],
  },
  'MON-7': {
    title: 'Saved log-review queries',
    severity: 'low',
    sources: ['CX-66', 'CX-68'],
  },
  'MON-8': {
    title: 'Health checks that reveal nothing',
    severity: 'medium',
    sources: ['NT-70'],
  },
});
