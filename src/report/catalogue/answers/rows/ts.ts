import { derived, no, notBuilt, type RowAnswers } from '../../answer';

const BEHAVIOUR = no('what an answer says is behaviour, which no template shows');
const BROKER = notBuilt('the broker of workers\' credentials');
const IN_TRANSIT = { checked: { without: ['DAT-4.at-rest', 'DAT-4.login', 'DAT-4.users'], also: ['TLS-5.urls'] }, attacked: { without: ['DAT-4.without-login'] } } as const;

export const TS_ROWS = {
  'TS-01': { typed: { says: derived('`Profile.tom` always asks for a key, beside what its `edge` asks for') } },
  'TS-02': {
    typed: { says: derived('`GateProof.apiKeys` takes the header, and `WebAcl` keeps it out of its log with the others') },
    checked: { without: ['IDN-8.callers-keys', 'IDN-8.gate-table-writers'] },
    attacked: { without: ['IDN-8.gate-stored-keys'] },
  },
  'TS-03': {
    typed: { says: no('the list is a secret, in which no type looks: `keys import` reads it, and refuses what is none') },
    checked: { without: ['IDN-8.gate-keys', 'IDN-8.gate-table-writers'], note: 'where the list stands: what it says no template shows' },
    attacked: { without: ['IDN-8', 'CFG-6'], says: no('the list is read by `keys import`, in which no caller takes part: test/cli/keys looks at what it refuses') },
  },
  'TS-08': IN_TRANSIT,
  'TS-21': { checked: { without: ['RED-3.server-header'], says: BEHAVIOUR }, attacked: { without: ['RED-3.server-header'] } },
  'TS-24': IN_TRANSIT,
  'TS-34': {
    typed: { says: BROKER },
    checked: { note: 'reads of secrets, by whomever' },
    attacked: { note: 'reads of secrets, by whomever' },
  },
  'TS-35': { typed: { without: ['WCC-10'], says: derived('`WorkerPhase` has one way or the other, and no variant for both') } },
  'TS-36': { typed: { without: ['WCC-10'], says: BROKER } },
  'TS-38': { checked: { without: ['CFG-3.listener-mode', 'CFG-3.static-behind-edge'] } },
  'TS-39': {
    checked: { without: ['IDN-8.gate-keys', 'IDN-8.gate-table-writers'] },
    attacked: { without: ['IDN-8'] },
  },
  'TS-40': { checked: { also: ['CFG-6.malformed'] } },
  'TS-42': { checked: { also: ['CFG-7.emitted', 'CFG-6.malformed'] } },
  'TS-43': { attacked: { without: ['CFG-6'] } },
} as const satisfies RowAnswers;
