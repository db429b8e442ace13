import { derived, no, type RowAnswer, type RowAnswers } from '../../answer';
import { BESIDE_TLS, FIELDS, LOGINS_OF_STORES } from '../reasons';

const PURPOSE: RowAnswer = { without: ['CFG-4'], says: no('the purpose of the document: the rows below say what it takes') };
/** Credentials are no names. */
const FORGED = { attacked: { without: ['IDN-7.gate-passed-credentials'] } } as const;
/** Of the header that says who calls. */
const WRITTEN = { typed: { without: ['IDN-7'], says: derived('`Gate` writes the header, takes away what callers send in it, and has no prop by which it would not') }, ...FORGED } as const;
const PACED = {
  attacked: { without: ['IDN-5.gate-unknown-keys'], says: no('how often and for how long it is tried a drill does not measure: test/runtime/gate/identity/key-set.test.ts does') },
} as const;
const CLAIM: RowAnswer = { without: ['AZN-3'], says: no('`rolesClaim` is a text: the rule refuses a claim that people write themselves') };
const SCOPE_NAME = { typed: { says: derived('`Profile.tgefd` writes it as tokens spell it, and asks for it on the routes of its operation: no prop names another') } } as const;
const DISTINCT = ['CFG-6.conflicts'] as const;
const HEAVY = { typed: { note: 'of the gate\'s plan, from which `Profile.tgefd` writes the variable' } } as const;
const HOT = ['AUD-2.hot-retention', 'AUD-2.declared-log-group'] as const;

export const TG_ROWS = {
  'TG-01': { typed: PURPOSE, checked: PURPOSE, attacked: PURPOSE },
  'TG-03': {
    typed: { without: ['SEC-3'], says: derived('`Authorizer.jwt` and `TgefdAuth.jwt` are told where an issuer publishes its keys, and no prop takes a key') },
    checked: { also: ['IDN-2.https-jwks'] },
    attacked: { without: LOGINS_OF_STORES, note: 'that a new key of an issuer works at once, test/runtime/gate/identity/key-set.test.ts shows' },
  },
  'TG-05': { typed: { also: ['access-for-strangers', 'scope-not-named'] } },
  'TG-06': {
    checked: { without: ['IDN-8.gate-keys', 'IDN-8.gate-table-writers', 'CFG-3.static-behind-edge'] },
    attacked: { without: ['IDN-8'], also: ['IDN-1.gate-strangers'], note: 'to a gate without API keys, whoever shows one alone is a stranger' },
  },
  'TG-07': { checked: { without: ['CFG-3.static-behind-edge'] }, attacked: { without: ['CFG-3'] } },
  'TG-08': { attacked: { without: ['CFG-6'] } },
  'TG-10': {
    typed: { without: ['IDN-1'], says: derived('`Authorizer` and `TgefdAuth` read tokens in Authorization, and no prop names another header') },
    checked: { without: ['IDN-1'] },
    attacked: { without: ['IDN-1.anonymous-walk'], note: 'good tokens in other headers, in a cookie and in the query' },
  },
  'TG-11': {
    typed: { without: ['IDN-1'], says: derived('`Profile.tgefd` writes the prefix with its blank, and no prop names another') },
    checked: { without: ['IDN-1', 'CFG-6.placeholders', 'CFG-6.conflicts', 'CFG-6.twice'] },
    attacked: { without: ['CFG-6'], note: 'worthless values, with the prefix and without' },
  },
  'TG-12': {
    typed: { without: ['no-audience', 'no-clients', 'gate-proof-without-audience'] },
    checked: { without: ['IDN-3.audience', 'IDN-3.gate-audience'], also: ['IDN-2.https-jwks'] },
    attacked: { without: ['IDN-3.audience', 'IDN-3.token-use', 'IDN-3.further-claims'] },
  },
  'TG-13': {
    typed: { without: ['no-issuer'] },
    checked: { without: ['IDN-3.same-issuer'] },
    attacked: { without: ['IDN-3.issuer'] },
  },
  'TG-14': {
    typed: { without: ['RTL-5'] },
    checked: { without: ['RTL-5.edge-key'] },
    attacked: { without: ['IDN-11.gate-clock'], also: ['IDN-3.gate-claims'] },
  },
  'TG-15': { typed: { says: no('`clockSkew` is a time: synthesis refuses more than 60 seconds') } },
  'TG-19': { attacked: { note: 'how often keys are asked for: that a rotation is survived, test/runtime/gate/identity/key-set.test.ts shows' } },
  'TG-21': {
    typed: { without: ['IDN-2'], says: derived('`Authorizer.jwt` and `TgefdAuth.jwt` ask for `jwksUri`, and synthesis for https') },
    checked: { without: ['IDN-2.gate-profile', 'IDN-5'] },
    attacked: { without: ['IDN-2.lifetime', 'IDN-5'] },
  },
  'TG-22': { attacked: { note: 'how often keys are asked for: for how long they are kept, test/runtime/gate/identity/key-set.test.ts shows' } },
  'TG-23': PACED,
  'TG-24': PACED,
  'TG-25': PACED,
  'TG-26': PACED,
  'TG-27': {
    checked: { also: ['CFG-3.listener-mode'] },
    attacked: { without: ['CFG-6'] },
  },
  'TG-28': {
    ...WRITTEN,
    checked: { without: ['IDN-6'] },
    attacked: { without: ['IDN-6', ...FORGED.attacked.without] },
  },
  'TG-29': { typed: { without: ['IDN-7'] } },
  'TG-30': {
    typed: { says: derived('`Profile.tgefd` takes routes by operation and has a `TgefdScope` for each: no prop leaves one out, and there is no fifth') },
    checked: { also: DISTINCT },
  },
  'TG-32': { typed: { says: derived('`JwtScopesClaim` has three claims, none of which people write themselves, and `TgefdAuth.mtls` asks what each certificate may do') } },
  'TG-34': { ...SCOPE_NAME, checked: { also: DISTINCT } },
  'TG-35': { ...SCOPE_NAME, checked: { also: DISTINCT } },
  'TG-36': { ...SCOPE_NAME, checked: { without: ['MON-3'], also: DISTINCT } },
  'TG-37': SCOPE_NAME,
  'TG-39': {
    typed: { without: ['IDN-7'], says: derived('`TgefdAuth.mtls` takes scopes by subject, and `Gate` takes away what callers send in the header') },
    checked: { without: ['IDN-7.certificate-header', 'AZN-5.gate-claims'] },
    ...FORGED,
  },
  'TG-40': {
    typed: { without: ['AZN-3'], says: derived('`Profile.tgefd` never writes it: it names the claim with several roles in its place, which is for one role too') },
    checked: { without: ['AZN-3'] },
  },
  'TG-41': { typed: CLAIM, checked: { without: ['AZN-3'] } },
  'TG-42': {
    typed: { without: ['AZN-3', 'IDN-7'], says: derived('`TgefdAuth.mtls` takes scopes and no roles, and `Gate` takes away what callers send in headers of that kind') },
    checked: { without: ['AZN-3', 'IDN-7.certificate-header'], also: ['AZN-5.claim-variables'] },
    attacked: { without: ['AZN-3', ...FORGED.attacked.without] },
  },
  'TG-43': {
    typed: { without: ['AZN-4'], says: derived('`Profile.tgefd` writes one scope there, that of metrics, and no prop names another') },
    checked: { without: ['AZN-4.no-wildcard-client'] },
    attacked: { also: ['AZN-6.gate-narrow-keys'] },
  },
  'TG-44': { checked: { without: ['AZN-3.gate-roles', 'AZN-4.no-wildcard-client'] } },
  'TG-45': { typed: { without: ['role-of-everything'] }, checked: { without: ['AZN-3.gate-roles'] } },
  'TG-46': { typed: { without: ['AZN-3'], says: no('which scopes are heavy is no matter of types: synthesis refuses them for readers, in `roles` of `Profile.tgefd`') } },
  'TG-48': {
    typed: { without: ['RTL-5', 'TLS-7'], says: derived('`ClientAddress.forwarded` asks for the proxies that are believed, and `Gate` asks nobody but the load balancer') },
    checked: { without: ['RTL-5.gate-end-user'] },
    attacked: { also: ['RTL-1.forged-address', 'HDR-7.gate-forged-forwarding'] },
  },
  'TG-49': WRITTEN,
  'TG-50': WRITTEN,
  'TG-51': { typed: { without: ['IDN-7', 'TLS-7'], says: derived('`Gate` takes identity headers of callers away: `removedHeaders` adds to them, and no prop lets one pass') } },
  'TG-52': { checked: { says: no('no template shows it: docs/gate.md says who a Core is told has called, and docs/profiles.md which headers TGEFD believes') } },
  'TG-55': { typed: { without: ['IDN-7', 'override-for-everybody'] }, ...FORGED },
  'TG-56': HEAVY,
  'TG-57': HEAVY,
  'TG-59': { attacked: { without: ['AUD-5.masked'] } },
  'TG-64': { checked: { note: FIELDS } },
  'TG-68': {
    typed: { says: derived('`RetentionTiers` refuses less than 7 days in the hot tier, and no `AuditTrail` is without one') },
    checked: { without: ['AUD-2.archive-transitions', 'AUD-2.archive-expiry', 'AUD-2.small-objects'] },
  },
  'TG-69': {
    typed: { says: no('`warm` of `RetentionTiers` is a time, of 30 days unless set: synthesis refuses one that S3 would not take') },
    checked: { without: [...HOT, 'AUD-2.archive-expiry'] },
  },
  'TG-70': { checked: { without: HOT } },
  'TG-71': {
    typed: { also: ['no-certificate', 'tls-1-0'] },
    checked: { without: BESIDE_TLS, also: ['TLS-1.https-listener', 'TLS-2.policy'] },
    attacked: { without: ['DAT-4.without-login'], also: ['TLS-1.plain-http', 'TLS-2.old-versions'] },
  },
  'TG-72': { attacked: { also: ['IDN-6.no-certificate', 'IDN-6.untrusted-certificates'], note: 'at an internal load balancer: Service Connect is Amazon\'s, and nothing here imitates it' } },
} as const satisfies RowAnswers;
