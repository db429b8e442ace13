import { defineFamily } from './control';

export const CTR = defineFamily('Container hardening', {
  'CTR-1': {
    title: 'Images pinned, never `latest`',
    severity: 'high',
    sources: ['NT-58'],
  },
  'CTR-2': {
    title: 'Non-root',
    severity: 'high',
    sources: ['NT-61'],
  },
  'CTR-3': {
    title: 'CPU/memory limits per container',
    severity: 'medium',
    sources: ['NT-62'],
  },
  'CTR-4': {
    title: 'No Docker socket, minimal mounts, read-only root',
    severity: 'critical',
    sources: ['NT-59', 'NT-60', 'NT-83'],
  },
  'CTR-5': {
    title: 'No host namespaces, capabilities dropped',
    severity: 'high',
    sources: ['CX-58'],
  },
  'CTR-6': {
    title: 'Restart, health gating, rollback',
    severity: 'medium',
    sources: ['NT-70', 'NT-71'],
  },
  'CTR-7': {
    title: 'Model containers managed through IAM-scoped API, not a socket',
    severity: 'high',
    sources: ['CX-59', 'NT-83'],
  },
});
