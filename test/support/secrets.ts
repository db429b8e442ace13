import type { Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';

/** Variables of the checklist's programs that hold a secret. */
export const SECRET_NAMES = [
  'INTERNAL_VLLM_API_KEY', 'TGEFD_JWT_SECRET', 'SUPABASE_KEY', 'GITHUB_CLIENT_SECRET', 'SECRETS_MASTER_KEY', 'OPENAI_API_KEY', 'ANTHROPIC_API_KEY',
  'GEMINI_API_KEY', 'HF_TOKEN', 'REPLICATE_API_TOKEN', 'FAL_API_KEY', 'ELEVENLABS_API_KEY', 'POSTGRES_PASSWORD', 'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY', 'SENTRY_DSN', 'TOM_CORE_API_KEYS', 'TOM_CORE_WORKER_HMAC_SECRET',
  'DB_PASS', 'PASS', 'REDIS_AUTH', 'CACHE_AUTH_TOKEN', 'ANTHROPIC_KEY', 'OPENAI_KEY', 'CORE_STRIPE_KEY', 'GOOGLE_CREDENTIALS_JSON',
];

/** Variables of the same programs that only sound like it. */
export const HARMLESS_VARIABLES: readonly (readonly [string, string])[] = [
  ['GATEWAY_DEV_ALLOW_ALL_KEYS', 'false'],
  ['CORS_ALLOW_ORIGINS', 'https://app.example,http://localhost:3000'],
  ['RATE_LIMIT_RPS', '10'],
  ['TGEFD_JWT_HEADER', 'Authorization'],
  ['TGEFD_JWT_BEARER_PREFIX', 'Bearer'],
  ['TGEFD_JWT_ISSUER', 'https://issuer.example'],
  ['TGEFD_API_KEY_SCOPES', 'discover evaluate'],
  ['TGEFD_SCOPE_METRICS', 'metrics:read'],
  ['AWS_SECRETS_MASTER_KEY_NAME', 'core/master-key'],
  ['SUPABASE_URL', 'https://project.supabase.example'],
  ['GITHUB_CLIENT_ID', 'Iv1.0123456789abcdef'],
  ['POSTGRES_USER', 'core'],
  ['POSTGRES_HOST', 'db.internal'],
  ['ASSET_BUCKET', 'core-assets'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://localhost:4317'],
  ['MAX_TOKENS', '4096'],
  ['PARTITION_KEY', 'pk'],
  ['PRIMARY_KEY', 'id'],
  ['CACHE_KEY_PREFIX', 'core:'],
  ['PUBLIC_KEY', 'any'],
  ['STRIPE_PUBLIC_KEY', 'any'],
  ['KEY', 'any'],
  ['OPENAI_KEY_NAME', 'core/openai'],
  ['KMS_KEY_ARN', 'any'],
  ['CONNECTION', 'Server=db;User=core;Password=;'],
  ['READ_AT_DEPLOYMENT', '{{resolve:ssm:/core/setting}}'],
  ['TOKEN_ENDPOINT_URL', 'https://issuer.example/oauth2/token'],
];

const FILLER = '0123456789abcdefghijABCDEFGHIJ01234';

/** A made-up credential, put together here so that no scanner takes this file for a leak. */
const madeUp = (...parts: string[]): string => parts.join('');

export const LOOKS_LIKE_A_SECRET = {
  'an OpenAI key': madeUp('sk', '-proj-', FILLER),
  'an Anthropic key': madeUp('sk', '-ant-api03-', FILLER),
  'a Hugging Face token': madeUp('hf', '_', FILLER),
  'a Replicate token': madeUp('r8', '_', FILLER),
  'a Google key': madeUp('AIza', FILLER),
  'a Stripe key': madeUp('sk', '_live_', FILLER),
  'a Stripe test key': madeUp('sk', '_test_', FILLER),
  'a JWT': madeUp('eyJ', 'hbGciOiJIUzI1NiJ9', '.eyJ', 'zdWIiOiJjb3JlIn0', '.', FILLER),
  'a Slack webhook': madeUp('https://hooks.slack', '.com/services/', 'T0123/B0123/', FILLER),
  'a connection string with a password': 'Server=db.internal;User Id=core;Password=hunter2;',
  'a connection string with an access key': 'Endpoint=sb://bus.example/;SharedAccessKey=aHVudGVyMg==',
  'a connection string with an account key': 'AccountName=core;AccountKey=aHVudGVyMg==',
  'a GitHub token': madeUp('ghp', '_', FILLER),
  'a GitHub token of the newer kind': madeUp('github', '_pat_', FILLER),
  'a Slack token': madeUp('xoxb', '-', FILLER),
  'an AWS key': madeUp('AKIA', 'ABCDEFGHIJ234567'),
  'a private key': madeUp('-----BEGIN RSA ', 'PRIVATE KEY-----', '\nabc'),
  'a key inside a list': madeUp('first,', 'sk', '-', FILLER),
  'a URL with a password': 'postgres://core:hunter2@db.internal/core',
  'a URL with a password and no user': 'rediss://:hunter2@cache.internal:6379',
  'a URL whose password has a dollar sign': 'postgres://core:hun$ter2@db.internal/core',
} as const satisfies Readonly<Record<string, string>>;

export const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:core/openai-AbCdEf';
export const DYNAMIC_REFERENCE = '{{resolve:secretsmanager:core/openai:SecretString:key}}';

/** A function with these variables and nothing else. */
export function fn(stack: Stack, variables?: Record<string, string>): CfnFunction {
  return new CfnFunction(stack, 'Function', {
    role: 'arn:aws:iam::111122223333:role/authorizer',
    code: { zipFile: '0' },
    handler: 'index.handler',
    runtime: 'nodejs22.x',
    ...(variables ? { environment: { variables } } : {}),
  });
}
