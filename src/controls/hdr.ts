import { defineFamily } from './control';

export const HDR = defineFamily('CORS and headers', {
  'HDR-1': {
    title: 'Exact https origins',
    severity: 'high',
    sources: ['CX-18', 'CX-21', 'CX-44', 'CX-71', 'NT-53', 'NT-54', 'NT-82'],
  },
  'HDR-2': {
    title: 'No `*` with credentials',
    severity: 'high',
    sources: ['CX-19', 'NT-54', 'NT-82'],
  },
  'HDR-3': {
    title: 'nosniff on every response',
    severity: 'medium',
    sources: ['CX-22'],
  },
  'HDR-4': {
    title: 'Frame DENY on every response',
    severity: 'medium',
    sources: ['CX-23'],
  },
  'HDR-5': {
    title: 'HSTS on every HTTPS listener',
    severity: 'high',
    sources: ['CX-24', 'NT-56'],
  },
  'HDR-6': {
    title: 'No auto-detected dev origins in production',
    severity: 'medium',
    sources: ['CX-20'],
  },
  'HDR-7': {
    title: 'Forwarding headers rewritten by ingress',
    severity: 'high',
    sources: ['CX-17'],
  },
});
