import { derived, no, type RowAnswers } from '../../answer';
import { FIELDS, LOGINS_OF_STORES } from '../reasons';

const STORED = {
  checked: { without: ['IDN-8.gate-keys'], note: 'keys in clear, and who writes the table: what the table holds no template shows' },
  attacked: { without: ['IDN-8.gate-api-keys'] },
} as const;
const OUTPUT = 'what a command writes, no template shows and no deployment holds: test/cli/export.test.ts looks at it';
const EXPORTED = 'outputs and parameters: what `export` writes, test/cli/export.test.ts looks at';
const BY_COMMAND = { checked: { without: ['RED-4'], says: no(OUTPUT) }, attacked: { without: ['RED-4'], says: no(OUTPUT) } } as const;
const MATRIX = { attacked: { also: ['AZN-2.gate-scope-matrix'] } } as const;
const SCOPED = { typed: { note: 'of every route: this one `Profile.cortex` declares itself, with its scope, and refuses to have declared otherwise' }, ...MATRIX } as const;
const PLAN = 'of the gate\'s plan, from which `Profile.cortex` writes the variable';
const EXACT = 'that an origin is exact: the review is the runbook\'s';
const COUNTED = derived('`Gate` always counts, and no prop stops it or renames a counter');
/** That it is there, and among the secrets. */
const PLACED = ['CFG-4.complete', 'CFG-6.malformed'] as const;
const KEY = {
  typed: { says: derived('`Profile.cortex` makes the key itself, 32 random bytes in hexadecimal, and no prop brings another') },
  checked: { without: PLACED },
} as const;
const REVIEW = no('to look at them is a command\'s: `cdk-secure-core cors` shows those in force, and what a template would change');

export const CX_ROWS = {
  'CX-01': { checked: { without: ['IDN-8'] } },
  'CX-02': STORED,
  'CX-03': {
    typed: { says: derived('`GateProof.apiKeys` has ctx_ unless another prefix is named, and synthesis refuses none') },
    checked: { without: ['IDN-8.callers-keys', 'IDN-8.gate-table-writers'] },
    attacked: { without: ['IDN-8.gate-stored-keys'] },
  },
  'CX-04': MATRIX,
  'CX-05': {
    typed: { says: derived('a `Gate` that takes keys and no tokens reads them as bearer tokens, and its port is open to the load balancer alone') },
    checked: { without: ['IDN-8.callers-keys', 'IDN-8.gate-table-writers', 'CFG-6.malformed'], also: ['NET-6.internal-ports'] },
    attacked: { without: ['IDN-8.gate-stored-keys'], also: ['RED-5.gate-key-in-query', 'TLS-7.gate-raw-requests'] },
  },
  'CX-06': {
    typed: { without: ['IDN-10'], says: no('the cookie is the program\'s own; of the login in front of it, see CX-12') },
    checked: { without: ['IDN-10.login-pool'], note: 'the login in front of it: how a program sets its cookie no template shows' },
    attacked: { note: 'past the login in front of it: the cookie is the program\'s own' },
  },
  'CX-09': SCOPED,
  'CX-10': SCOPED,
  'CX-11': SCOPED,
  'CX-13': {
    typed: { says: no('scopes of a key stand in the gate\'s table, where `keys create` writes them one by one, and in no prop') },
    checked: { without: ['AZN-5.gate-claims'], note: 'of variables: scopes of a key stand in the gate\'s table, which no template shows' },
    attacked: { without: ['AZN-5'], also: ['AZN-6.gate-narrow-keys'] },
  },
  'CX-14': { checked: { note: 'clients of Amazon Cognito: keys stand in no template, and `keys create` has no default for their scopes' } },
  'CX-16': { attacked: { also: ['AZN-1.undeclared-routes'] } },
  'CX-17': { typed: { without: ['TLS-7'] } },
  'CX-19': { checked: { without: ['CFG-7.emitted'] } },
  'CX-21': {
    typed: { without: ['HDR-1'], says: REVIEW },
    checked: { without: ['HDR-1', 'CFG-7.emitted', 'CFG-6.malformed'], also: ['CTR-7.shell'], note: 'that nobody opens a shell for it, as the document does: `cdk-secure-core cors` shows them' },
    attacked: { without: ['HDR-1'], says: REVIEW },
  },
  'CX-25': {
    typed: { without: ['RTL-2', 'DAT-4'], says: derived('no `Gate` is without a Redis: it takes the one that it is given, or a `SecureRedis` of its own') },
    checked: { without: ['RTL-2.gate-budget', 'RTL-2.limiter-variables'] },
  },
  'CX-26': { typed: { note: 'of the gate\'s plan; `Profile.cortex` always writes the variable' } },
  'CX-27': { typed: { without: ['RTL-1'], note: PLAN } },
  'CX-28': { typed: { note: PLAN } },
  'CX-29': { typed: { without: ['RTL-1'], note: PLAN }, attacked: { note: 'a whole window is not waited for: that it slides, test/runtime/gate/limiter shows' } },
  'CX-33': KEY,
  'CX-34': STORED,
  'CX-35': {
    checked: { without: ['CFG-6.malformed'], note: EXPORTED },
    attacked: { note: EXPORTED },
  },
  'CX-38': BY_COMMAND,
  'CX-39': BY_COMMAND,
  'CX-40': BY_COMMAND,
  'CX-41': {
    typed: { without: ['local-behind-load-balancer'], also: ['cortex-allow-all-keys', 'secret-as-text'] },
    checked: { also: ['IDN-9.no-bypass', 'SEC-1.environment', 'HDR-1.exact-origins'] },
    attacked: { note: 'on what the gate is told: what the program does with its variables is its own code' },
  },
  'CX-43': KEY,
  'CX-45': {
    typed: { without: ['IDN-10'], says: derived('`AdminUsers` has no prop for a password, and nobody signs up; a password that a program came with is its own') },
    checked: { without: ['IDN-10.admin-plane'], also: ['SEC-4.weak-value'] },
    attacked: { without: ['IDN-10'], says: no('passwords are checked by Amazon Cognito or by the program itself, and nothing here stands in for either') },
  },
  'CX-52': { checked: { also: ['NET-6.internal-ports'] } },
  'CX-53': { checked: { also: ['NET-6.internal-ports'] } },
  'CX-54': { checked: { without: ['DAT-3.encrypted'] } },
  'CX-55': {
    typed: { without: ['DAT-4'] },
    checked: { without: ['DAT-4.transit', 'DAT-4.at-rest'] },
    attacked: { without: ['DAT-4.plaintext'] },
  },
  'CX-56': {
    typed: { says: derived('`Gate` has no port for metrics unless `scrapers` names who may ask, by security group') },
    checked: { without: ['MON-3.gate-metrics'] },
  },
  'CX-57': {
    typed: { says: derived('`Profile.cortex` puts its models into a security group of their own, which no prop opens') },
    checked: { without: ['NET-6.core-on-loopback', 'NET-6.gate-is-the-door', 'NET-6.only-gate-port', 'NET-6.only-mapped-ports'], note: 'Ollama\'s port: others have no number of their own' },
    attacked: { without: ['NET-6.past-the-gate'], says: no('models run when a program starts them, and a drill runs no such program: it dials Cores, stores and monitors') },
  },
  'CX-58': {
    typed: { without: ['NET-6'] },
    checked: { without: ['NET-6.gate-is-the-door', 'NET-6.only-gate-port', 'NET-6.only-mapped-ports', 'NET-6.internal-ports', 'CTR-5.capabilities'] },
    attacked: { without: ['NET-6'] },
  },
  'CX-59': { checked: { without: ['CTR-7.shell'] } },
  'CX-61': { checked: { note: FIELDS } },
  'CX-62': { checked: { without: ['AUD-1.gate-log-mode', 'AUD-1.edge-access-log'] } },
  'CX-63': {
    typed: { says: COUNTED },
    checked: { without: ['MON-2', 'MON-3.private-metrics'] },
    attacked: { without: ['MON-2'] },
  },
  'CX-64': {
    typed: { says: COUNTED },
    checked: { without: ['MON-2.web-acl-metrics', 'MON-2.known-attacks', 'MON-3.private-metrics'] },
    attacked: { without: ['MON-2.spent-budgets'] },
  },
  'CX-65': {
    typed: { says: COUNTED },
    checked: { without: ['MON-1', 'MON-3.private-metrics'] },
    attacked: { without: ['MON-1.unreadable', 'MON-1.nobody-there'] },
  },
  'CX-69': { typed: { without: ['IDN-10'] }, checked: { without: ['IDN-10'] }, attacked: { without: ['IDN-10'] } },
  'CX-70': { checked: { without: PLACED }, attacked: { without: LOGINS_OF_STORES, note: 'a key of that kind, and, out of turn, the password of a Redis' } },
  'CX-71': { typed: { note: EXACT }, checked: { note: EXACT } },
  'CX-72': {
    checked: { note: 'the gate\'s list: a page of the program\'s own has to end there too' },
    attacked: { note: 'a key of the gate\'s: what a page of the program does is its own code' },
  },
  'CX-73': {
    checked: { note: 'the gate\'s list, and who gets to the page: what it does is its own code' },
    attacked: { note: 'a key of the gate\'s, and a caller without a session: what the page does is its own code' },
  },
  'CX-74': { checked: { says: no('no template shows it: docs/profiles.md and docs/authorizers.md take the place of two, and docs/drill.md, which lists attacks, that of the threats') } },
} as const satisfies RowAnswers;
