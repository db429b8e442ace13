import { defineFamily } from './control';

export const SUP = defineFamily('Supply chain and updates', {
  'SUP-1': {
    title: 'Images scanned before deploy',
    severity: 'high',
    sources: ['NT-63'],
    unattacked: 'Amazon ECR itself scans an image that is pushed, and nothing here stands in for it: the rules look at what the repository is told',
  },
  'SUP-2': {
    title: 'Dependency audit',
    severity: 'medium',
    sources: ['NT-87'],
    unchecked: 'no template shows it: the audit of dependencies is a step of the build, which fails on a high finding',
    unattacked: 'no part of a deployment: test/tools/audit-dependencies.test.ts has the audit meet packages with findings, and registries that do not answer',
  },
  'SUP-3': {
    title: 'Regular upgrades, changelog read',
    severity: 'low',
    sources: ['NT-88', 'NT-89'],
    unchecked: 'no template shows it: SECURITY.md asks for upgrades every month, and CHANGELOG.md says what changes',
    unattacked: 'no part of a deployment: test/docs/runbooks.test.ts wants a section on security in every version of CHANGELOG.md',
  },
  'SUP-4': {
    title: 'Private vulnerability reporting',
    severity: 'low',
    sources: ['NT-01', 'NT-02', 'NT-03', 'NT-04', 'NT-05', 'NT-06'],
    unchecked: 'no template shows it: SECURITY.md says how to report',
    unattacked: 'no part of a deployment: test/docs/runbooks.test.ts wants an address for reports, what is supported and what to expect in SECURITY.md',
  },
});
