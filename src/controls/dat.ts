import { defineFamily } from './control';

export const DAT = defineFamily('Data stores', {
  'DAT-1': {
    title: 'PostgreSQL/Supabase in production, never SQLite',
    severity: 'high',
    sources: ['NT-39', 'NT-40', 'NT-77', 'NT-81'],
  },
  'DAT-2': {
    title: 'DB TLS forced',
    severity: 'high',
    sources: ['TG-71', 'NT-43'],
  },
  'DAT-3': {
    title: 'DB reachable only from app; not public; encrypted',
    severity: 'critical',
    sources: ['CX-54', 'NT-42'],
  },
  'DAT-4': {
    title: 'Redis: TLS required, at-rest encryption, AUTH/RBAC',
    severity: 'critical',
    sources: ['CX-25', 'CX-55', 'TG-71', 'TS-08', 'TS-17', 'TS-24'],
  },
  'DAT-5': {
    title: 'Memcached hardened or replaced',
    severity: 'medium',
    sources: ['NT-72'],
  },
  'DAT-6': {
    title: 'Asset bucket private, TLS-only, versioned, encrypted',
    severity: 'high',
    sources: ['NT-47', 'NT-48', 'NT-49'],
  },
  'DAT-7': {
    title: 'Asset storage config derived from stack, role-based',
    severity: 'medium',
    sources: ['NT-45'],
  },
});
