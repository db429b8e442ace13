import { defineFamily } from './control';

export const BDR = defineFamily('Backup and DR', {
  'BDR-1': {
    title: 'Automated backups for every stateful store',
    severity: 'high',
    sources: ['CX-50', 'NT-44'],
  },
  'BDR-2': {
    title: 'Backups encrypted and access-limited',
    severity: 'high',
    sources: ['CX-37'],
  },
  'BDR-3': {
    title: 'DR plan: multi-AZ, cross-region copy, rehearsed',
    severity: 'medium',
    sources: ['NT-28', 'NT-73'],
  },
});
