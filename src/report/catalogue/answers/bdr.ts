import { type ControlAnswers, derived, no } from '../answer';

export const BDR = {
  'BDR-1': { typed: derived('`SecurePostgres` has no prop for no backups, and no `Backups` is without `rpo`, `rto` and its sources') },
  'BDR-2': { typed: derived('`Backups` locks its vault under a key of its own, and no prop takes either away') },
  'BDR-3': { typed: no('a second region is for whoever pays for it: `copy` of `Backups` may be left out, and the pack says so; `rpo` and `rto` may not') },
} as const satisfies ControlAnswers;
