import { type ControlAnswers, derived } from '../answer';

export const NET = {
  'NET-1': { typed: derived('`CoreService` runs in the core tier without a public address, and no prop moves it; `PrivateNetwork` has no public tier but for load balancers') },
  'NET-3': { typed: derived('`SecureIngress` listens at 443, and no prop moves it; `additionalListener` adds a port for callers with client certificates') },
  'NET-4': { typed: derived('`SecurePostgres`, `SecureRedis`, `SecureMemcached` let security groups in, one by one, and no prop takes addresses') },
  'NET-5': { typed: derived('`Egress` has no variant for everything: there are hosts by name, or none') },
  'NET-6': { typed: derived('`CoreService` maps no port of the container, and no prop does: the way in is its `Gate`') },
} as const satisfies ControlAnswers;
