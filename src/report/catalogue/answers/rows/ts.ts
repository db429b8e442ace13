import { derived, no, type RowAnswers } from '../../answer';
import { BEHAVIOUR, BESIDE_SECRETS, BESIDE_TLS, LOGINS_OF_STORES } from '../reasons';

/** Of the file that API and workers share. */
const NAMED = { also: ['CFG-6.malformed'], note: 'the variable that names the file' } as const;
const NO_FILE = { typed: { also: ['tom-phase-one'] }, checked: NAMED } as const;
const IN_TRANSIT = { checked: { without: BESIDE_TLS, also: ['TLS-5.urls'] }, attacked: { without: ['DAT-4.without-login'] } } as const;

export const TS_ROWS = {
  'TS-01': { typed: { says: derived('`Profile.tom` always asks for a key, beside what its `edge` asks for') } },
  'TS-02': {
    typed: { says: derived('`GateProof.apiKeys` takes the header, and `WebAcl` keeps it out of its log with the others') },
    checked: { without: ['IDN-8.callers-keys', 'IDN-8.gate-table-writers'] },
    attacked: { without: ['IDN-8.gate-stored-keys'] },
  },
  'TS-03': {
    typed: { says: no('the list is a secret, in which no type looks: `keys import` reads it, and refuses what is none') },
    checked: { without: ['IDN-8.gate-keys', 'IDN-8.gate-table-writers', 'CFG-6.conflicts'], note: 'where the list stands: what it says no template shows' },
    attacked: { without: ['IDN-8', 'CFG-6'], says: no('the list is read by `keys import`, in which no caller takes part: test/cli/keys looks at what it refuses') },
  },
  'TS-04': NO_FILE,
  'TS-06': NO_FILE,
  'TS-08': IN_TRANSIT,
  'TS-09': { checked: NAMED },
  'TS-16': { checked: { without: BESIDE_SECRETS } },
  'TS-21': { checked: { without: ['RED-3.server-header'], says: BEHAVIOUR }, attacked: { without: ['RED-3.server-header'] } },
  'TS-23': { checked: { also: ['CFG-7.emitted', 'CFG-6.malformed'], note: 'the variable by which workers have to prove themselves' } },
  'TS-24': IN_TRANSIT,
  'TS-25': { attacked: { without: ['SEC-3'] } },
  'TS-34': {
    typed: { says: derived('`CredentialBroker` is not built without `audit`') },
    checked: { note: 'reads of secrets, by whomever' },
    attacked: { note: 'reads of secrets, by whomever' },
  },
  'TS-35': { typed: { without: ['WCC-10'], says: derived('`WorkerPhase` has one way or the other, and no variant for both') }, checked: NAMED },
  'TS-36': { typed: { without: ['WCC-10'], says: derived('`WorkerPool` always has a deployment circuit breaker, which rolls back') } },
  'TS-37': NO_FILE,
  'TS-38': { typed: { without: ['CFG-3'], says: derived('`Profile.tom` writes api_key, and no prop names another mode') }, checked: { without: ['CFG-3.listener-mode', 'CFG-3.static-behind-edge'] } },
  'TS-39': {
    checked: { without: ['IDN-8.gate-keys', 'IDN-8.gate-table-writers'] },
    attacked: { without: ['IDN-8'] },
  },
  'TS-41': { attacked: { without: LOGINS_OF_STORES } },
  'TS-43': { attacked: { without: ['CFG-6'] } },
} as const satisfies RowAnswers;
