import { type ControlAnswers, derived } from '../answer';

export const DAT = {
  'DAT-1': { typed: derived('`SecurePostgres` is the only database that a `SecureCore` is given, and `stores` takes no file; what variables name besides, rules read') },
  'DAT-2': { typed: derived('`SecurePostgres` forces TLS and `PostgresUser` tells programs to verify it: no prop says otherwise') },
  'DAT-5': { typed: derived('`SecureMemcached` speaks TLS alone, and has no prop that turns it off') },
  'DAT-6': { typed: derived('`AssetBucket` has no prop that opens it, that stops its versions or that takes its key away') },
} as const satisfies ControlAnswers;
