import { defineFamily } from './control';

export const AUD = defineFamily('Audit and retention', {
  'AUD-1': {
    title: 'Audit record fields complete on every decision',
    severity: 'high',
    sources: ['RC-21', 'CX-36', 'CX-49', 'CX-61', 'CX-62', 'TG-64'],
  },
  'AUD-2': {
    title: 'Tiers hot 7, warm 30, cold 180 days',
    severity: 'high',
    sources: ['CX-49', 'TG-65', 'TG-68', 'TG-69', 'TG-70'],
  },
  'AUD-3': {
    title: 'Audit log immutable',
    severity: 'critical',
    sources: ['TG-66', 'TG-70', 'TS-18'],
  },
  'AUD-4': {
    title: 'Audit log access-controlled',
    severity: 'high',
    sources: ['TG-67', 'TS-18'],
  },
  'AUD-5': {
    title: 'PII/redaction/retention policy declared',
    severity: 'medium',
    sources: ['TG-59', 'TG-65'],
  },
  'AUD-6': {
    title: 'Credential accesses audited',
    severity: 'high',
    sources: ['TS-26', 'TS-34'],
  },
  'AUD-7': {
    title: 'All logs shipped to one place',
    severity: 'medium',
    sources: ['NT-66'],
  },
});
