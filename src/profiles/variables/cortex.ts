import { flag, list, LOCAL_ORIGIN, ORIGIN, secret, whole, words } from './forms';
import type { Variable } from './variable';

const cortex = (name: string, rest: Omit<Variable, 'name' | 'profile'>): Variable => ({ name, profile: 'cortex', ...rest });

export const CORTEX: readonly Variable[] = [
  cortex('GATEWAY_DEV_ALLOW_ALL_KEYS', {
    typed: '–', form: flag('false'), written: 'false', presence: 'required', absence: 'unsafe', emission: 'always', place: 'environment', fedBy: 'literal',
    refused: ['true', '0', 'False', ''], local: ['true'], rows: ['CX-08', 'CX-41', 'CX-42'],
  }),
  cortex('CORS_ALLOW_ORIGINS', {
    typed: 'corsOrigins: HttpsOrigin[]', form: list(',', ORIGIN), localForm: list(',', LOCAL_ORIGIN), right: 'https://admin.acme.com,https://app.acme.com',
    presence: 'required', absence: 'unsafe', emission: 'always',
    place: 'environment', fedBy: 'prop → gate CORS and Core', refused: ['*', 'http://app.acme.com', 'https://10.0.0.1', 'http://localhost:3001', 'https://your-domain.com', ''],
    local: ['http://localhost:3001', 'http://app.acme.com', 'https://10.0.0.1'], rows: ['CX-18', 'CX-19', 'CX-20', 'CX-21', 'CX-44'],
  }),
  cortex('RATE_LIMIT_ENABLED', {
    typed: '–', form: flag('true'), documented: 'true', written: 'true', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment', fedBy: 'literal',
    refused: ['false', 'yes', 'TRUE', ''], local: ['false'], rows: ['CX-26', 'CX-47'],
  }),
  cortex('RATE_LIMIT_RPS', {
    typed: 'ratePlan: RatePlan (perSecond)', form: whole(1, 1000), documented: '10', written: '10', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment',
    fedBy: 'RatePlan → gate, web ACL limit and Core', refused: ['0', '1001', '1.5', 'unlimited'], local: [], rows: ['CX-27'],
  }),
  cortex('RATE_LIMIT_BURST', {
    typed: 'ratePlan: RatePlan (burst)', form: whole(1, 10_000), documented: '20', written: '20', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment',
    fedBy: 'RatePlan', refused: ['0', '10001', 'many'], local: [], rows: ['CX-28'],
  }),
  cortex('RATE_LIMIT_WINDOW_SEC', {
    typed: 'ratePlan: RatePlan (window: Duration)', form: whole(1, 3600), documented: '60', written: '60', presence: 'required', absence: 'unknown', emission: 'always',
    place: 'environment', fedBy: 'RatePlan; the web ACL keeps its own window (60, 120, 300, 600)', refused: ['0', '3601', '86400'], local: [], rows: ['CX-29'],
  }),
  cortex('CONCURRENCY_LIMIT_ENABLED', {
    typed: '–', form: flag('true'), documented: 'true', written: 'true', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment', fedBy: 'literal',
    refused: ['false', 'TRUE', ''], local: ['false'], rows: ['CX-30'],
  }),
  cortex('MAX_CONCURRENT_STREAMS_PER_ID', {
    typed: 'ratePlan: RatePlan (streams)', form: whole(1, 100), documented: '5', written: '5', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment',
    fedBy: 'RatePlan', refused: ['0', '101', '1000'], local: [], rows: ['CX-31'],
  }),
  cortex('INTERNAL_VLLM_API_KEY', {
    typed: '– (made)', form: secret(64, '64 hexadecimal digits', /^[0-9a-f]{64}$/), presence: 'required', absence: 'unknown', emission: 'always', place: 'secrets',
    fedBy: 'RotatingSecret (SecretKind.randomValue) → Core: current; models: current, previous, next', refused: ['your-strong-key', 'strong-random-key-here', 'your-strong-key-here', ''],
    local: [], rows: ['CX-32', 'CX-33', 'CX-41', 'CX-43', 'CX-70'],
  }),
  // No variable: what the document writes where a key would stand. It is here so that both directions count 81.
  cortex('YOUR_API_KEY', {
    typed: '–', form: words(), presence: 'refused', absence: 'harmless', emission: 'never', place: 'nowhere', fedBy: 'nobody: on the list of placeholders', refused: ['YOUR_API_KEY'], local: [],
    rows: ['CX-05', 'CX-41'],
  }),
];
