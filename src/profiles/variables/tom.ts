import { flag, secret, text, words } from './forms';
import type { Variable } from './variable';

const tom = (name: string, rest: Omit<Variable, 'name' | 'profile'>): Variable => ({ name: `TOM_CORE_${name}`, profile: 'tom', ...rest });

export const TOM: readonly Variable[] = [
  tom('AUTH_MODE', {
    typed: '–', form: words('api_key'), documented: 'api_key', written: 'api_key', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment', fedBy: 'literal',
    refused: ['none', 'off', 'API_KEY', ''], local: ['none'], rows: ['TS-38'],
  }),
  tom('API_KEYS', {
    typed: 'apiKeys: ecs.Secret', form: secret(40, 'a JSON array of key:user', /^\s*\[\s*"[^"]+:[^":]+"/), presence: 'required', absence: 'unknown', emission: 'always', place: 'secrets',
    fedBy: 'SM secret that the operator fills; the gate has the digests (keys import)', refused: ['["key1:user1", "key2:user2"]', '[]', 'key1:user1', ''], local: ['["key1:user1", "key2:user2"]'],
    rows: ['TS-39', 'TS-03'],
  }),
  tom('CREDENTIAL_FILE', {
    typed: 'workers: WorkerPhase.migration({ credentialFile })', form: text(/^\S+$/, 'a path'), documented: 'creds.yml', presence: 'refused', allowedUnder: 'migration', absence: 'harmless',
    emission: 'by-props', place: 'environment', fedBy: 'nobody: a secret for each credential; until the end of a migration, credentialFile',
    refused: ['creds.yml', '/run/creds.yml'], local: ['creds.yml', '/run/creds.yml'], rows: ['TS-40'],
  }),
  tom('WORKER_HMAC_SECRET', {
    typed: 'workers: WorkerPhase', form: secret(32, 'at least 32 bytes'), presence: 'optional', absence: 'harmless', emission: 'by-props', place: 'secrets',
    fedBy: 'RotatingSecret (SecretKind.hmacKey) → Core and workers', refused: ['shared-secret-key', ''], local: [], rows: ['TS-41'],
  }),
  tom('WORKER_AUTH_REQUIRED', {
    typed: 'workers: WorkerPhase', form: flag('true'), documented: 'true', written: 'true', presence: 'required', absence: 'unsafe', emission: 'always', place: 'environment',
    fedBy: 'derived from the phase', refused: ['false', 'True', ''], local: ['false'], rows: ['TS-42'],
  }),
  tom('CREDENTIAL_CHECKOUT_ENABLED', {
    typed: 'workers: WorkerPhase', form: flag('true'), documented: 'true', written: 'true', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment',
    fedBy: 'derived from the phase', refused: ['false', 'True', ''], local: ['false'], rows: ['TS-43'],
  }),
];
