import { defineFamily } from './control';

export const INC = defineFamily('Incident response and kill switch', {
  'INC-1': {
    title: 'Kill switch returns Core to localhost-only',
    severity: 'critical',
    sources: ['RC-29'],
  },
  'INC-2': {
    title: 'Exposure returns only after auth is proven',
    severity: 'critical',
    sources: ['RC-30'],
    unattacked: 'who opens again is the command\'s decision, in which no caller takes part: test/cli/lockdown.test.ts and test/e2e/incident.test.ts have it meet listeners that ask nobody who calls',
  },
  'INC-3': {
    title: 'Immediate revocation of keys and tokens',
    severity: 'critical',
    sources: ['CX-67', 'CX-72', 'CX-73', 'TG-04'],
  },
  'INC-4': {
    title: 'Five-step compromise runbook, in order',
    severity: 'medium',
    sources: ['CX-67', 'CX-68', 'CX-69', 'CX-71', 'TG-63'],
    unchecked: 'no template shows an order of steps: the runbook is carried out as a test',
    unattacked: 'nobody attacks an order of steps: test/e2e/incident.test.ts carries the runbook out, command by command',
  },
  'INC-5': {
    title: 'On-demand rotation',
    severity: 'high',
    sources: ['CX-70', 'TG-63'],
    unchecked: 'SEC-3.schedule and SEC-3.invoke look for the schedule that every rotation on demand needs; the rotate command carries it out',
  },
});
