import { credentialIn, looksRandom, namesSecret, saysNothing } from '../../src/secrets/secret-shapes';
import { createRedactor, REDACTED } from '../../src/runtime/shared/redactor';
import { alnum, base64, from, hex, SHAPED, upper, url64 } from '../support/credential-shapes';
import { DYNAMIC_REFERENCE, HARMLESS_VARIABLES, LOOKS_LIKE_A_SECRET, SECRET_NAMES } from '../support/secrets';

const RUNS = 2_000;
const times = <T>(make: () => T, runs = RUNS): T[] => Array.from({ length: runs }, make);
const uuid = (): string => [8, 4, 4, 4, 12].map(hex).join('-');

describe('a random value', () => {
  /** How many in a hundred may stay unseen; measured over 20,000 of each, and at least doubled, so that chance alone does not fail this. */
  test.each<[string, number, () => string]>([
    ['as openssl rand -hex 32 writes it', 1, () => hex(64)],
    ['of 128 bits in hex', 2, () => hex(32)],
    ['of 40 characters in base64', 4, () => base64(40)],
    ['of 32 bytes in base64', 4, () => `${base64(43)}=`],
    ['of 32 bytes in base64url', 2, () => url64(43)],
    ['of 40 letters and digits', 1, () => alnum(40)],
    ['of 32 letters and digits', 2, () => alnum(32)],
    ['of 40 small letters and digits', 8, () => from('abcdefghijklmnopqrstuvwxyz0123456789', 40)],
    ['of 256 bits in base32', 30, () => upper(52)],
    ['in JSON', 2, () => JSON.stringify({ mode: 'strict', signing: url64(43) })],
    ['in a list', 2, () => `first,${url64(43)},last`],
    ['behind a name', 2, () => `--signing=${url64(43)}`],
    ['in the query of a URL', 2, () => `https://hooks.acme.com/in?code=${url64(43)}&x=1`],
    ['as the user of a URL', 2, () => `https://${hex(32)}@o1.ingest.example/42`],
    ['around a hole of the template', 2, () => `\${Prefix}${url64(43)}`],
  ])('%s is seen, but for %d in a hundred', (_, misses, make) => {
    const missed = times(make).filter((text) => !looksRandom(text));
    expect((100 * missed.length) / RUNS).toBeLessThanOrEqual(misses);
  });

  test.each<[string, string | (() => string)]>([
    ['a UUID', uuid],
    ['a name that ends in a UUID', () => `core-exports-${uuid()}`],
    ['the ARN of a secret', () => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:core/openai-${alnum(6)}`],
    ['the ARN of a target group', () => `arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/core-${alnum(13)}/${hex(16)}`],
    ['an image with its digest', () => `111122223333.dkr.ecr.eu-central-1.amazonaws.com/core@sha256:${hex(64)}`],
    ['a digest', () => `sha256:${hex(64)}`],
    ['the integrity of a script', () => `sha384-${base64(64)}`],
    ['a commit', () => hex(40)],
    ['a snapshot of a model', () => `/models/Qwen3-32B-AWQ/snapshots/${hex(40)}`],
    ['a file named by its content', () => `assets/${hex(64)}.zip`],
    ['a key of KMS for many regions', () => `mrk-${hex(32)}`],
    ['a subnet list', () => `subnet-${hex(17)},subnet-${hex(17)},subnet-${hex(17)}`],
    ['a security group', () => `sg-${hex(17)}`],
    ['an endpoint', () => `vpce-${hex(17)}-${alnum(8).toLowerCase()}.secretsmanager.eu-central-1.vpce.amazonaws.com`],
    ['a load balancer', () => `internal-core-${alnum(12)}-1234567890.eu-central-1.elb.amazonaws.com`],
    ['a database', () => `core-database.${from('abcdefghijklmnopqrstuvwxyz0123456789', 12)}.eu-central-1.rds.amazonaws.com`],
    ['a table that CloudFormation named', () => `PublicApi-CoreServiceKeysTable${hex(8).toUpperCase()}-${upper(13)}`],
    ['a role that CDK named', () => `PublicApiCoreServiceTaskExecutionRole${hex(8).toUpperCase()}`],
    ['a picture', () => `data:image/png;base64,${base64(120)}`],
    ['a certificate', () => `-----BEGIN CERTIFICATE-----\n${base64(64)}\n${base64(64)}\n-----END CERTIFICATE-----\n`],
    ['a public key', () => `-----BEGIN PUBLIC KEY-----\n${base64(64)}\n-----END PUBLIC KEY-----`],
    ['a public key of SSH', () => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${base64(43)} core@acme`],
    ['a URL of an issuer', () => `https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_${alnum(9)}/.well-known/jwks.json`],
    ['a URL with a commit', () => `https://github.com/acme/core/tree/${hex(40)}?tab=readme`],
    ['a queue', 'https://sqs.eu-central-1.amazonaws.com/111122223333/core-work-queue-with-a-long-name'],
    ['a model', 'RedHatAI/Meta-Llama-3.1-70B-Instruct-quantized.w8a8'],
    ['another model', 'deepseek-ai/DeepSeek-R1-Distill-Qwen-32B'],
    ['a model of Bedrock', 'eu.anthropic.claude-sonnet-4-20250514-v1:0'],
    ['an alphabet', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'],
    ['a path', '/opt/core/lib/python3.12/site-packages/core/configuration/default'],
    ['a bucket of CDK', 'cdk-hnb659fds-container-assets-111122223333-eu-central-1'],
    ['options of the JVM', '-XX:MaxRAMPercentage=75.0 -XX:+UseG1GC -Djava.security.egd=file:/dev/./urandom'],
    ['a policy of contents', "default-src 'self'; img-src https://cdn.acme.com data:; frame-ancestors 'none'"],
    ['a long number', '12345678901234567890123456789012345678901234567890'],
    ['a constant', 'OTEL_EXPERIMENTAL_RESOURCE_DETECTORS_ENABLED_FOR_ECS_AND_EC2_INSTANCES'],
    ['a version', '2026.11.22-rc.1+build.20261122T141559Z.sha.abcdef1'],
    ['a trail of dates', '2026-11-22T14:15:59.123Z/2026-11-23T14:15:59.123Z'],
    ['settings in JSON', JSON.stringify({ model: 'claude-sonnet-4', routes: ['/v1/chat/completions', '/v1/models'], limits: { rps: 10, burst: 20 }, enabled: true })],
    ['a dynamic reference', DYNAMIC_REFERENCE],
    ['nothing', ''],
  ])('is not what stands in ordinary variables: %s', (_, made) => {
    const texts = typeof made === 'string' ? [made] : times(made);
    expect(texts.filter((text) => looksRandom(text))).toEqual([]);
  });

  test.each(['AUTH0_CLIENT_ID', 'auth0ClientId', 'GIT_SHA', 'CONFIG_HASH', 'LAMBDA_CODE_SHA256', 'LICENSE_PUBLIC_KEY', 'IMAGE_DIGEST', 'TLS_FINGERPRINT', 'DEPLOYED_COMMIT'])(
    'is taken for what its name says is public: %s', (name) => {
      const values = times(() => hex(64), 20);
      expect(values.filter((value) => looksRandom(value, name))).toEqual([]);
      expect(values.some((value) => looksRandom(value, 'SETTING'))).toBe(true);
    },
  );

  test.each(HARMLESS_VARIABLES)('is not %s=%s', (name, value) => {
    expect(looksRandom(value, name)).toBe(false);
  });
});

describe('a credential', () => {
  test.each(Object.entries(LOOKS_LIKE_A_SECRET))('is known by its shape: %s', (_, text) => expect(credentialIn(text)).toBe('written'));

  test.each(Object.entries(SHAPED).filter(([kind]) => !['AWS session token', 'PEM in base64'].includes(kind)))('that is hidden in logs is refused in templates as well: %s', (_, make) => {
    expect(times(() => credentialIn(make()), 20)).toEqual(times(() => 'written', 20));
  });

  test.each(['AWS session token', 'PEM in base64'])('of many lines is known by its randomness: %s', (kind) => {
    const make = SHAPED[kind] ?? ((): string => '');
    expect(times(() => looksRandom(make()), 20)).toEqual(times(() => true, 20));
  });

  test.each([
    'ctx_tokens_per_request_and_second',
    'disk-encryption-at-rest-is-on', 'calf_measurements_of_the_season', 'postgres://core@db.internal:5432/core',
    'Server=db;User=core;Password=;',
    'eyJ',
    '',
  ])('is not %s', (text) => expect(credentialIn(text)).toBeUndefined());

  test.each(['postgres://core:${POSTGRES_PASSWORD}@db.internal/core', 'Server=db;Password=$PASSWORD;'])('may be filled in by something else: %s', (text) => {
    expect(credentialIn(text)).toBe('filled in');
  });
});

describe('a name', () => {
  test.each(SECRET_NAMES)('says that there is a secret: %s', (name) => expect(namesSecret(name)).toBe(true));

  test.each(HARMLESS_VARIABLES.map(([name]) => name))('only sounds like it: %s', (name) => expect(namesSecret(name)).toBe(false));

  /** The id of an access key is half of a credential, and needed in logs to find who uses it; a provider's key is hidden where it looks like one. */
  const SHOWN = ['S3_ACCESS_KEY_ID', 'SUPABASE_KEY', 'ANTHROPIC_KEY', 'OPENAI_KEY', 'CORE_STRIPE_KEY'];
  test.each(SECRET_NAMES.filter((name) => !SHOWN.includes(name)))('that may hold no plain value hides it in logs: %s', (name) => {
    expect(createRedactor().text(`${name}=hunter2`)).toBe(`${name}=${REDACTED}`);
  });

  test.each(['', 'true', 'FALSE'])('may be followed by what says nothing: "%s"', (value) => expect(saysNothing(value)).toBe(true));
  test('is not excused by a value', () => expect(saysNothing('0')).toBe(false));
});
