import { defineFamily } from './control';

export const RTL = defineFamily('Rate and concurrency', {
  'RTL-1': {
    title: 'WAF blocking rate rule associated with the ALB',
    severity: 'critical',
    sources: ['RC-24', 'CX-27', 'CX-29', 'CX-47'],
  },
  'RTL-2': {
    title: 'Per-identity sliding window and burst, Redis-backed',
    severity: 'critical',
    sources: ['RC-24', 'CX-25', 'CX-26', 'CX-27', 'CX-28', 'CX-29', 'CX-47', 'TG-53'],
  },
  'RTL-3': {
    title: 'Separate heavy budget',
    severity: 'high',
    sources: ['TG-54', 'TG-56', 'TG-57'],
  },
  'RTL-4': {
    title: 'Concurrent stream cap per identity',
    severity: 'high',
    sources: ['CX-30', 'CX-31'],
  },
  'RTL-5': {
    title: 'Limiter key is verified identity; forwarded address trusted only from known hops',
    severity: 'high',
    sources: ['TG-14', 'TG-47', 'TG-48', 'TG-55'],
  },
  'RTL-6': {
    title: 'Behaviour when Redis is gone is fixed: heavy routes and replay checks fail closed',
    severity: 'high',
    sources: [],
  },
  'RTL-7': {
    title: 'Limits on external provider accounts',
    severity: 'low',
    sources: ['NT-38'],
    unchecked: 'no template shows it: whoever issues a key limits its account in a console of his own',
  },
});
