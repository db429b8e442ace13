import { defineFamily } from './control';

export const NET = defineFamily('Network', {
  'NET-1': {
    title: 'Core and stores in private/isolated subnets, no public IP',
    severity: 'critical',
    sources: ['RC-06', 'RC-13', 'NT-69'],
  },
  'NET-2': {
    title: 'Ingress only from Platform sources; service only from ALB',
    severity: 'critical',
    sources: ['RC-14', 'CX-48', 'CX-53', 'TG-29'],
  },
  'NET-3': {
    title: 'Only 443 (80 as redirect) exposed',
    severity: 'high',
    sources: ['CX-05', 'CX-48', 'CX-52', 'CX-53', 'NT-57'],
  },
  'NET-4': {
    title: '5432, 6379, 9090, 11211 unreachable from outside',
    severity: 'critical',
    sources: ['CX-48', 'CX-54', 'CX-55', 'CX-56', 'NT-42', 'NT-72'],
  },
  'NET-5': {
    title: 'Egress allow-list',
    severity: 'high',
    sources: ['RC-15', 'TG-73'],
  },
  'NET-6': {
    title: 'Core and model ports loopback/internal only',
    severity: 'critical',
    sources: ['RC-02', 'RC-13', 'RC-26', 'CX-15', 'CX-57', 'CX-58', 'CX-60'],
  },
  'NET-7': {
    title: 'Topology client → Platform → gateway → Core, internal ALB by default',
    severity: 'high',
    sources: ['RC-06', 'RC-25', 'RC-26', 'RC-27', 'NT-55'],
  },
});
