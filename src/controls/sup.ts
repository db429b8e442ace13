import { defineFamily } from './control';

export const SUP = defineFamily('Supply chain and updates', {
  'SUP-1': {
    title: 'Images scanned before deploy',
    severity: 'high',
    sources: ['NT-63'],
  },
  'SUP-2': {
    title: 'Dependency audit',
    severity: 'medium',
    sources: ['NT-87'],
    unchecked: 'no template shows it: the audit of dependencies is a step of the build, which fails on a high finding',
  },
  'SUP-3': {
    title: 'Regular upgrades, changelog read',
    severity: 'low',
    sources: ['NT-88', 'NT-89'],
    unchecked: 'no template shows it: CHANGELOG.md says what changes, and when',
  },
  'SUP-4': {
    title: 'Private vulnerability reporting',
    severity: 'low',
    sources: ['NT-01', 'NT-02', 'NT-03', 'NT-04', 'NT-05', 'NT-06'],
    unchecked: 'no template shows it: SECURITY.md says how to report',
  },
});
