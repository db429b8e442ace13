import { derived, no, type RowAnswers } from '../../answer';

const APP = no('what NodeTool does with its variables is its own code, for which a sample stands in here');
/** The mode of TGEFD is not NodeTool's. */
const MODE = { checked: { without: ['CFG-3.listener-mode'] } } as const;
const WRITTEN = derived('`Profile.nodetool` writes them from props that it cannot do without, and `ProfiledCore` refuses those that are written by hand');
const BUCKET_RULES = ['DAT-6.public-access', 'DAT-6.tls-only', 'DAT-6.policy', 'DAT-6.owner'] as const;

export const NT_ROWS = {
  'NT-07': MODE,
  'NT-08': { ...MODE, attacked: { says: APP } },
  'NT-09': MODE,
  'NT-10': {
    checked: { without: ['IDN-8', 'CFG-3.listener-mode'] },
    attacked: { without: ['IDN-8'], also: ['IDN-1.gate-strangers'], note: 'to the gate, whoever has nothing else is a stranger' },
  },
  'NT-11': { ...MODE, attacked: { also: ['IDN-3.issuer'] } },
  'NT-17': { typed: { without: ['CFG-2'], says: derived('`Profile.nodetool` writes DEBUG itself, and `ProfiledCore` refuses one that is written by hand') } },
  'NT-19': MODE,
  'NT-21': { typed: { without: ['CFG-4'] }, attacked: { without: ['CFG-4'] } },
  'NT-22': {
    typed: { without: ['local-behind-load-balancer'] },
    checked: { without: ['IDN-13'], also: ['CFG-6.conflicts'] },
    attacked: { without: ['CFG-4'], says: APP },
  },
  'NT-23': {
    typed: { says: derived('`AdminUsers` makes its callback from the host name, and no prop takes another; GitHub keeps those of its apps in its own console') },
    checked: { note: 'those of Amazon Cognito: GitHub keeps those of its apps in its own console' },
  },
  'NT-26': { checked: { also: ['SEC-5.one-source'] }, attacked: { without: ['CFG-6'] } },
  'NT-28': {
    typed: { without: ['SEC-5'], says: derived('synthesis asks every `MasterKey` for another region, or for a word on where else it is kept') },
    checked: { without: ['BDR-3'] },
    attacked: { without: ['BDR-3'] },
  },
  'NT-30': {
    typed: { says: derived('`CoreService` has no prop for files of variables') },
    checked: { without: ['SEC-9.literals'] },
  },
  'NT-32': {
    typed: { says: derived('a `ProviderKey` is one provider\'s, and a Core has those that it is given by name') },
    checked: { without: ['SEC-6'], says: no('which providers a program uses no template says') },
    attacked: { without: ['SEC-6.other-environment'] },
  },
  'NT-37': { checked: { without: ['SEC-6.own-values'] }, attacked: { without: ['SEC-6.undeclared'] } },
  'NT-47': { checked: { without: ['DAT-6.versioned', 'DAT-6.encrypted'] }, attacked: { without: ['DAT-6.overwritten', 'DAT-6.unencrypted'] } },
  'NT-48': { checked: { without: [...BUCKET_RULES, 'DAT-6.encrypted'] }, attacked: { without: ['DAT-6.anonymous', 'DAT-6.plain-http', 'DAT-6.unencrypted'] } },
  'NT-49': { checked: { without: [...BUCKET_RULES, 'DAT-6.versioned'] }, attacked: { without: ['DAT-6.anonymous', 'DAT-6.plain-http', 'DAT-6.overwritten'] } },
  'NT-57': { checked: { also: ['TLS-4.redirect-only'] } },
  'NT-64': {
    checked: { without: ['RED-3'] },
    attacked: { without: ['RED-3'], note: 'what a report says is the program\'s own' },
  },
  'NT-65': { checked: { without: ['TLS-5.target-group', 'TLS-5.topics'] }, attacked: { without: ['TLS-5'] } },
  'NT-70': { checked: { without: ['CTR-6.copies', 'CTR-6.rollback', 'CTR-6.restart'] }, attacked: { without: ['CTR-6.killed', 'CTR-6.bad-version'] } },
  'NT-74': { typed: { without: ['CFG-4'] }, attacked: { without: ['CFG-4'] } },
  'NT-75': { typed: { without: ['CFG-4'], says: WRITTEN }, attacked: { without: ['CFG-4'], says: APP } },
  'NT-76': { typed: { without: ['CFG-4'] }, attacked: { without: ['SEC-5', 'CFG-4', 'CFG-6'], says: APP } },
  'NT-77': { typed: { without: ['CFG-4'], says: WRITTEN }, attacked: { without: ['CFG-4'], note: 'where the variables say that the database is' } },
  'NT-78': { typed: { without: ['CFG-4'] }, attacked: { without: ['CFG-4'] } },
  'NT-83': {
    checked: { without: ['CTR-4.read-only-root'] },
    attacked: { note: 'on what takes the socket\'s place: on AWS Fargate there is no host to reach' },
  },
  'NT-84': { typed: { without: ['IDN-10'] }, checked: { without: ['IDN-10.admin-plane'] }, attacked: { without: ['IDN-10'] } },
} as const satisfies RowAnswers;
