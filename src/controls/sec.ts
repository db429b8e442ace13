import { defineFamily } from './control';

export const SEC = defineFamily('Secrets and rotation', {
  'SEC-1': {
    title: 'No secret in plain Environment, template or context',
    severity: 'critical',
    sources: ['RC-17', 'CX-32', 'TG-09', 'TG-58', 'NT-21', 'NT-26', 'NT-31', 'NT-33', 'NT-40', 'TS-39'],
  },
  'SEC-2': {
    title: 'Secrets Manager with CMK and narrow policies',
    severity: 'high',
    sources: ['RC-17', 'TG-58', 'NT-15', 'NT-27', 'TS-16'],
  },
  'SEC-3': {
    title: 'Rotation schedule with stated cadence on each rotatable secret',
    severity: 'high',
    sources: ['CX-70', 'TG-03', 'TG-62', 'TS-25', 'TS-41'],
  },
  'SEC-4': {
    title: 'Entropy floors: 32 random bytes for keys, ≥ 20 chars for DB',
    severity: 'high',
    sources: ['CX-32', 'CX-33', 'CX-43', 'NT-41', 'NT-84'],
  },
  'SEC-5': {
    title: 'Master key: one source, retained, replicated, excluded from value rotation',
    severity: 'critical',
    sources: ['NT-15', 'NT-24', 'NT-25', 'NT-27', 'NT-28', 'NT-76'],
  },
  'SEC-6': {
    title: 'Only needed provider keys; separate per environment',
    severity: 'medium',
    sources: ['NT-32', 'NT-33', 'NT-34', 'NT-35', 'NT-36', 'NT-37'],
  },
  'SEC-7': {
    title: 'Roles and short-lived credentials in place of static keys',
    severity: 'high',
    sources: ['TG-60', 'NT-46', 'NT-78'],
  },
  'SEC-8': {
    title: 'Secret access tracked and alarmed',
    severity: 'medium',
    sources: ['TG-61'],
  },
  'SEC-9': {
    title: 'No secrets in source or env files',
    severity: 'high',
    sources: ['RC-16', 'NT-29', 'NT-30', 'NT-80'],
  },
  'SEC-10': {
    title: 'App-level cryptography as documented (Fernet, PBKDF2 100k, per-user)',
    severity: 'medium',
    sources: ['NT-12', 'NT-13', 'NT-14'],
    unchecked: 'no template shows how a program encrypts: its own tests do',
  },
  'SEC-11': {
    title: 'Rotated values reach running tasks without an outage',
    severity: 'high',
    sources: ['CX-70', 'TS-41'],
  },
});
