import { derived, no, type RowAnswer, type RowAnswers } from '../../answer';

const PURPOSE: RowAnswer = { without: ['CFG-4'], says: no('the purpose of the document: the rows below say what it takes') };
const MODE = no('what TGEFD does in its mode is its own code, for which a sample stands in here');
/** Of the header that says who calls. */
const WRITTEN = { typed: { without: ['IDN-7'], says: derived('`Gate` writes the header, takes away what callers send in it, and has no prop by which it would not') } } as const;
const PACED = 'how long attempts and pauses take a drill does not measure: test/runtime/gate/identity/key-set.test.ts does';
const CLAIM: RowAnswer = { without: ['AZN-3'], says: no('`rolesClaim` is a text: the rule refuses a claim that people write themselves') };
const SCOPE_NAMES = { checked: { also: ['CFG-6.conflicts'] } } as const;

export const TG_ROWS = {
  'TG-01': { typed: PURPOSE, checked: PURPOSE, attacked: PURPOSE },
  'TG-03': { attacked: { note: 'that a new key of an issuer works at once, test/runtime/gate/identity/key-set.test.ts shows' } },
  'TG-05': { typed: { also: ['access-for-strangers', 'scope-not-named'] } },
  'TG-06': {
    checked: { without: ['IDN-8.gate-keys', 'IDN-8.gate-table-writers', 'CFG-3.static-behind-edge'] },
    attacked: { without: ['IDN-8'], says: MODE },
  },
  'TG-07': { checked: { without: ['CFG-3.static-behind-edge'] }, attacked: { says: MODE } },
  'TG-08': { attacked: { without: ['CFG-6'] } },
  'TG-10': {
    typed: { without: ['IDN-1'], says: derived('`Authorizer` and `TgefdAuth` read tokens in Authorization, and no prop names another header') },
    checked: { without: ['IDN-1'], also: ['CFG-6.malformed'] },
    attacked: { without: ['IDN-1'], says: no('no attack puts a good token into another header; whoever shows none in Authorization is a stranger, as in IDN-1\'s attacks') },
  },
  'TG-11': {
    typed: { without: ['IDN-1'], says: derived('`Profile.tgefd` writes the prefix with its blank, and no prop names another') },
    checked: { without: ['IDN-1'] },
    attacked: { without: ['CFG-6'], note: 'worthless values, with the prefix and without' },
  },
  'TG-12': {
    typed: { without: ['no-audience', 'no-clients', 'gate-proof-without-audience'] },
    checked: { without: ['IDN-3.audience', 'IDN-3.gate-audience'], also: ['IDN-2.https-jwks', 'CFG-6.malformed'] },
    attacked: { without: ['IDN-3.audience', 'IDN-3.token-use', 'IDN-3.further-claims'] },
  },
  'TG-13': {
    typed: { without: ['no-issuer'] },
    checked: { without: ['IDN-3.same-issuer'], also: ['CFG-6.malformed'] },
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
    checked: { without: ['IDN-2.gate-profile'], also: ['CFG-6.malformed'] },
  },
  'TG-22': { attacked: { note: 'how often keys are asked for: for how long they are kept, test/runtime/gate/identity/key-set.test.ts shows' } },
  'TG-23': { attacked: { without: ['IDN-5.gate-unknown-keys'], says: no(PACED) } },
  'TG-25': { attacked: { without: ['IDN-5.gate-unknown-keys'], says: no(PACED) } },
  'TG-26': { attacked: { without: ['IDN-5.gate-unknown-keys'], says: no(PACED) } },
  'TG-28': {
    ...WRITTEN,
    checked: { without: ['IDN-6'] },
    attacked: { without: ['IDN-6'] },
  },
  'TG-29': { typed: { without: ['IDN-7'] } },
  'TG-34': SCOPE_NAMES,
  'TG-35': SCOPE_NAMES,
  'TG-36': SCOPE_NAMES,
  'TG-37': SCOPE_NAMES,
  'TG-39': { typed: { without: ['IDN-7'], says: derived('`TgefdAuth.mtls` takes scopes by subject, and `Gate` takes away what callers send in the header') } },
  'TG-40': { typed: CLAIM, checked: { without: ['AZN-3'] } },
  'TG-41': { typed: CLAIM, checked: { without: ['AZN-3'] } },
  'TG-42': {
    typed: { without: ['AZN-3', 'IDN-7'], says: derived('`TgefdAuth.mtls` takes scopes and no roles, and `Gate` takes away what callers send in headers of that kind') },
    checked: { without: ['AZN-3'], also: ['AZN-5.claim-variables'] },
    attacked: { without: ['AZN-3'] },
  },
  'TG-43': {
    typed: { without: ['AZN-4'], says: derived('`Profile.tgefd` writes one scope there, that of metrics, and no prop names another') },
    checked: { without: ['AZN-4.no-wildcard-client'] },
    attacked: { also: ['AZN-6.gate-narrow-keys'] },
  },
  'TG-46': { typed: { without: ['AZN-3'], says: no('which scopes are heavy is no matter of types: synthesis refuses them for readers, in `roles` of `Profile.tgefd`') } },
  'TG-48': {
    typed: { without: ['RTL-5', 'TLS-7'], says: derived('`ClientAddress.forwarded` asks for the proxies that are believed, and `Gate` asks nobody but the load balancer') },
    attacked: { also: ['RTL-1.forged-address', 'HDR-7.gate-forged-forwarding'] },
  },
  'TG-49': WRITTEN,
  'TG-50': WRITTEN,
  'TG-51': { typed: { without: ['IDN-7', 'TLS-7'], says: derived('`Gate` takes identity headers of callers away: `removedHeaders` adds to them, and no prop lets one pass') } },
  'TG-55': { typed: { without: ['IDN-7'] } },
  'TG-59': { attacked: { without: ['AUD-5.masked'] } },
  'TG-72': { attacked: { also: ['IDN-6.no-certificate', 'IDN-6.untrusted-certificates'], note: 'at an internal load balancer: Service Connect is Amazon\'s, and nothing here imitates it' } },
} as const satisfies RowAnswers;
