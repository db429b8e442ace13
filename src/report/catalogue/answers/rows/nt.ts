import { derived, no, type RowAnswers } from '../../answer';
import { BESIDE_SECRETS, OWN_CODE } from '../reasons';

/** The mode of TGEFD is not NodeTool's. */
const MODE = { checked: { without: ['CFG-3.listener-mode'] } } as const;
const NOT_STATIC = { checked: { without: ['CFG-3.listener-mode', 'CFG-3.static-behind-edge'] } } as const;
const WRITTEN = derived('`Profile.nodetool` writes them, from a login and a database that it is never without, and `ProfiledCore` refuses those that are written by hand');
/** Whether the master key is there tomorrow, and not where it comes from. */
const KEPT = ['SEC-5.kept', 'SEC-5.replicated', 'SEC-5.not-rotated'] as const;
const SOURCE = { checked: { without: [...KEPT, ...BESIDE_SECRETS] }, attacked: { without: ['SEC-5'] } } as const;
const UPGRADED = { says: no('upgrading is for people: SECURITY.md asks for it every month, and the audit of the build says when it is due') } as const;
const BUCKET_RULES = ['DAT-6.public-access', 'DAT-6.tls-only', 'DAT-6.policy', 'DAT-6.owner'] as const;

export const NT_ROWS = {
  'NT-07': MODE,
  'NT-08': { typed: { without: ['nodetool-static-without-edge'] }, ...NOT_STATIC, attacked: { without: ['CFG-3'] } },
  'NT-09': { typed: { without: ['CFG-3'], says: derived('`NodeToolAuth` is Supabase or one static token, and has no variant that keeps users itself') }, ...NOT_STATIC },
  'NT-10': {
    typed: { without: ['nodetool-no-auth-provider'] },
    checked: { without: ['IDN-8', 'CFG-3.listener-mode'] },
    attacked: { without: ['IDN-8'], also: ['IDN-1.gate-strangers'], note: 'to the gate, whoever has nothing else is a stranger' },
  },
  'NT-11': { typed: { without: ['nodetool-static-without-edge'] }, ...NOT_STATIC, attacked: { also: ['IDN-3.issuer'] } },
  'NT-15': SOURCE,
  'NT-17': { typed: { without: ['CFG-2'], says: derived('`Profile.nodetool` writes DEBUG itself, and `ProfiledCore` refuses one that is written by hand') } },
  'NT-19': MODE,
  'NT-21': { typed: { without: ['CFG-4'], note: '`NodeToolAuth.supabase` asks for both' } },
  'NT-22': {
    typed: { without: ['local-behind-load-balancer'] },
    checked: { without: ['IDN-13'] },
    attacked: { without: ['IDN-13'], says: OWN_CODE },
  },
  'NT-23': {
    typed: { says: derived('`AdminUsers` makes its callback from the host name, and no prop takes another; GitHub keeps those of its apps in its own console') },
    checked: { note: 'those of Amazon Cognito: GitHub keeps those of its apps in its own console' },
  },
  'NT-25': {
    checked: { without: [...KEPT, 'CFG-6.malformed'] },
    attacked: { without: ['SEC-5'], says: no('what copies do with the key is the program\'s own code: the rule asks that all are given the same one') },
  },
  'NT-26': { checked: { also: ['SEC-5.one-source'] }, attacked: { without: ['CFG-6'] } },
  'NT-27': SOURCE,
  'NT-28': {
    typed: { without: ['SEC-5'], says: derived('synthesis asks every `MasterKey` for another region, or for a word on where else it is kept') },
    checked: { without: ['BDR-3', 'SEC-5.not-rotated', 'SEC-5.one-source'] },
    attacked: { without: ['BDR-3', 'SEC-5.replaced'] },
  },
  'NT-30': {
    typed: { says: derived('`CoreService` has no prop for files of variables') },
    checked: { without: ['SEC-9.literals'], note: 'that no task reads such a file: of a developer\'s own, `check --env-file … --local` says what is wrong' },
  },
  'NT-32': {
    typed: { says: derived('a `ProviderKey` is one provider\'s, and a Core has those that it is given by name') },
    checked: { without: ['SEC-6', 'CFG-6.malformed'], says: no('which providers a program uses no template says') },
    attacked: { without: ['SEC-6.other-environment'] },
  },
  'NT-34': { typed: { without: ['RED-4'] } },
  'NT-37': { checked: { without: ['SEC-6.own-values'] }, attacked: { without: ['SEC-6.undeclared'] } },
  'NT-41': { checked: { without: ['CFG-4.complete', 'CFG-6.malformed'] } },
  'NT-42': { checked: { without: ['DAT-3.encrypted'] } },
  'NT-44': { checked: { without: ['BDR-1.tables', 'BDR-1.buckets', 'BDR-1.caches'] } },
  'NT-47': { checked: { without: ['DAT-6.versioned', 'DAT-6.encrypted'] }, attacked: { without: ['DAT-6.overwritten', 'DAT-6.unencrypted'] } },
  'NT-48': { checked: { without: [...BUCKET_RULES, 'DAT-6.encrypted'] }, attacked: { without: ['DAT-6.anonymous', 'DAT-6.plain-http', 'DAT-6.unencrypted'] } },
  'NT-49': { checked: { without: [...BUCKET_RULES, 'DAT-6.versioned'] }, attacked: { without: ['DAT-6.anonymous', 'DAT-6.plain-http', 'DAT-6.overwritten'] } },
  'NT-51': { checked: { without: ['TLS-3.dns-validation'], also: ['SEC-9.literals'] } },
  'NT-55': {
    typed: { without: ['NET-7'] },
    checked: { without: ['NET-7'], also: ['NET-2.service-behind-load-balancer', 'NET-6.gate-is-the-door'] },
    attacked: { without: ['NET-7.internal'], also: ['NET-2.past-the-load-balancer', 'NET-6.past-the-gate'] },
  },
  'NT-57': { checked: { also: ['TLS-4.redirect-only'] } },
  'NT-60': { checked: { without: ['CTR-4.read-only-root'] } },
  'NT-63': { checked: { without: ['SUP-1.immutable-tags'] } },
  'NT-64': {
    checked: { without: ['RED-3'] },
    attacked: { without: ['RED-3'], note: 'what a report says is the program\'s own' },
  },
  'NT-65': { typed: { without: ['TLS-5'] }, checked: { without: ['TLS-5.target-group', 'TLS-5.topics'] }, attacked: { without: ['TLS-5'] } },
  'NT-70': { checked: { without: ['CTR-6.copies', 'CTR-6.rollback', 'CTR-6.restart'] }, attacked: { without: ['CTR-6.killed', 'CTR-6.bad-version'] } },
  'NT-74': { typed: { without: ['CFG-4'] }, checked: { without: ['CFG-4.complete'] } },
  'NT-75': { typed: { without: ['CFG-4'], says: WRITTEN }, attacked: { says: OWN_CODE } },
  'NT-76': { typed: { without: ['CFG-4'] }, attacked: { without: ['SEC-5', 'CFG-6'], says: OWN_CODE } },
  'NT-77': { typed: { without: ['CFG-4'], says: WRITTEN }, attacked: { note: 'where the variables say that the database is' } },
  'NT-78': { typed: { without: ['CFG-4'] }, checked: { also: ['DAT-7.variables'] }, attacked: { also: ['DAT-7.by-role'] } },
  'NT-83': {
    typed: { without: ['CTR-7'] },
    checked: { without: ['CTR-4.read-only-root', 'CTR-7.shell'] },
    attacked: { note: 'on what takes the socket\'s place: on AWS Fargate there is no host to reach' },
  },
  'NT-84': { typed: { without: ['IDN-10'] }, checked: { without: ['IDN-10.admin-plane'] }, attacked: { without: ['IDN-10'] } },
  'NT-88': { typed: UPGRADED, checked: UPGRADED, attacked: UPGRADED },
  'NT-90': { checked: { says: no('no template shows it: docs/profiles.md has the variables, docs/secrets.md the secrets, docs/alarms.md errors and traces, and examples/nodetool a deployment') } },
} as const satisfies RowAnswers;
