import { createHash, generateKeyPairSync, randomInt } from 'node:crypto';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const ALNUM = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;
const URL64 = `${ALNUM}-_`;
const BASE64 = `${ALNUM}+/`;
const HEX = `${DIGITS}abcdef`;

export const from = (alphabet: string, length: number): string => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
export const alnum = (length: number): string => from(ALNUM, length);
export const url64 = (length: number): string => from(URL64, length);
export const base64 = (length: number): string => from(BASE64, length);
export const hex = (length: number): string => from(HEX, length);
export const digits = (length: number): string => from(DIGITS, length);
export const upper = (length: number): string => from('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', length);

/** Put together here, so that no scanner of repositories takes a prefix with what follows for a credential. */
const join = (...parts: readonly string[]): string => parts.join('');
const json64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (): string => [json64({ alg: 'RS256', kid: alnum(8) }), json64({ sub: alnum(8), exp: 1 }), url64(342)].join('.');
const pem = (): string => generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }).privateKey;

/** A credential in a text, and the parts of it that must not be seen. */
export interface Sample {
  readonly text: string;
  readonly secrets: readonly string[];
}

/** Credentials that are known by their shape, wherever they stand. Formats: the issuers' documentation and the rules of gitleaks. */
export const SHAPED: Readonly<Record<string, () => string>> = {
  'our key': () => join('ctx', '_', url64(43)),
  'JWT': jwt,
  'encrypted JWT': () => [json64({ alg: 'RSA-OAEP', enc: 'A256GCM' }), url64(342), url64(16), url64(80), url64(22)].join('.'),
  'AWS access key id': () => join('AK', 'IA', upper(16)),
  'AWS temporary key id': () => join('AS', 'IA', upper(16)),
  'AWS session token': () => join('IQoJb3JpZ2lu', 'X2Vj', base64(400)),
  'OpenAI, first form': () => join('sk', '-', alnum(20), 'T3Blbk', 'FJ', alnum(20)),
  'OpenAI project': () => join('sk', '-proj-', url64(74), 'T3Blbk', 'FJ', url64(74)),
  'Anthropic': () => join('sk', '-ant-api03-', url64(93), 'AA'),
  'Google API key': () => join('AI', 'za', url64(35)),
  'GitHub classic': () => join('gh', 'p_', alnum(36)),
  'GitHub server': () => join('gh', 's_', alnum(36)),
  'GitHub fine-grained': () => join('github', '_pat_', alnum(22), '_', alnum(59)),
  'GitLab': () => join('gl', 'pat-', url64(20)),
  'GitLab routable': () => join('gl', 'pat-', url64(27), '.', alnum(2), '.', alnum(9)),
  'Slack bot': () => join('xo', 'xb-', digits(12), '-', digits(12), '-', alnum(24)),
  'Slack app': () => join('xa', 'pp-1-A', alnum(10), '-', digits(13), '-', hex(64)),
  'Slack webhook': () => join('https://hooks.', 'slack.com/services/', 'T', upper(9), '/B', upper(9), '/', alnum(24)),
  'Stripe live': () => join('sk', '_live_', alnum(99)),
  'Stripe restricted': () => join('rk', '_test_', alnum(24)),
  'Stripe webhook': () => join('wh', 'sec_', alnum(32)),
  'Hugging Face': () => join('hf', '_', alnum(34)),
  'npm': () => join('npm', '_', alnum(36)),
  'Groq': () => join('gs', 'k_', alnum(52)),
  'Vault': () => join('hv', 's.', url64(90)),
  'bcrypt': () => join('$2', 'b$12$', alnum(53)),
  'PEM in base64': () => Buffer.from(pem()).toString('base64'),
};

const generated = (make: () => string, around: (secret: string) => string): (() => Sample) => () => {
  const secret = make();
  return { text: around(secret), secrets: [secret] };
};
const password = (): string => `${alnum(6)}!${alnum(5)}#`;

/** Credentials that have no shape of their own, and are known by what stands around them. */
export const NAMED: Readonly<Record<string, () => Sample>> = {
  'bearer header': generated(() => url64(43), (secret) => `authorization: Bearer ${secret}`),
  'bearer in prose': generated(() => url64(43), (secret) => `sent Bearer ${secret} to upstream`),
  'escaped bearer': generated(() => alnum(43), (secret) => `next=Authorization%3A%20Bearer%20${secret}`),
  'basic header': generated(() => Buffer.from(`user:${alnum(12)}`).toString('base64'), (secret) => `> Authorization: Basic ${secret}`),
  'basic in prose': generated(() => Buffer.from(`user:${alnum(12)}`).toString('base64'), (secret) => `using Basic ${secret} for proxy`),
  'digest header': generated(() => hex(32), (secret) => `Authorization: Digest username="x", realm="y", response="${secret}"`),
  'quoted header of curl': generated(() => alnum(24), (secret) => `curl -H 'X-API-Key: ${secret}' https://core.acme.internal/v1`),
  'header with another name': generated(() => alnum(24), (secret) => `x-internal-api-key: ${secret}`),
  'cookie': generated(() => alnum(24), (secret) => `Cookie: theme=dark; sid=${secret}; last=1`),
  'set-cookie': generated(() => alnum(24), (secret) => `set-cookie: id=${secret}; Secure; HttpOnly`),
  'dump with line breaks written out': generated(() => alnum(24), (secret) => `GET / HTTP/1.1\\r\\nCookie: a=${secret}\\r\\nHost: x`),
  'query': generated(() => alnum(24), (secret) => `GET /v1/models?api_key=${secret}&page=2 HTTP/1.1`),
  'presigned URL': generated(() => hex(64), (secret) => `https://b.s3.amazonaws.com/o?X-Amz-Date=20300101T000000Z&X-Amz-Signature=${secret}`),
  'JSON': generated(password, (secret) => JSON.stringify({ user: 'bob', password: secret, page: 2 })),
  'JSON in JSON': generated(password, (secret) => JSON.stringify({ body: JSON.stringify({ clientSecret: `${secret}"\\`, a: 1 }) })),
  'JSON in JSON in JSON': generated(password, (secret) => JSON.stringify([JSON.stringify({ body: JSON.stringify({ apiKey: `x"${secret}` }) })])),
  'list in JSON': () => {
    const secrets = [password(), password()];
    return { text: `{"TOM_CORE_API_KEYS":${JSON.stringify(secrets)},"a":1}`, secrets };
  },
  'object in JSON': generated(password, (secret) => `{"credentials":{"user":"bob","value":"}${secret}"},"a":1}`),
  'Python': generated(password, (secret) => `{'user': 'bob', 'db_password': '${secret}', 'n': 1}`),
  'YAML': generated(password, (secret) => `database:\n  user: bob\n  password: ${secret}\n`),
  'environment': generated(() => `${password()};a&b,c`, (secret) => `HOME=/root\nREDIS_PASSWORD=${secret}\nPORT=8000`),
  'XML': generated(password, (secret) => `<user>bob</user><password>${secret}</password>`),
  'option': generated(password, (secret) => `redis-cli --user bob --password ${secret} PING`),
  'option with sign': generated(password, (secret) => `tool --client-secret=${secret} run`),
  'numeric code': generated(() => digits(6), (secret) => `otp=${secret} for bob`),
  'PEM': () => {
    const key = pem();
    return { text: `loaded ${key} from disk`, secrets: [key.slice(30, 90)] };
  },
  'PEM in JSON': () => {
    const key = pem();
    return { text: JSON.stringify({ cert: key }), secrets: [key.slice(30, 80)] };
  },
  'PEM that was cut': () => {
    const key = pem();
    return { text: key.slice(0, 120), secrets: [key.slice(30, 80)] };
  },
  'AWS secret by name': generated(() => base64(40), (secret) => `aws_secret_access_key = ${secret}`),
  'AWS secret in the answer of STS': generated(() => base64(40), (secret) => `{"SecretAccessKey":"${secret}","Expiration":"2030-01-01T00:00:00Z"}`),
  'AWS secret beside its id': generated(() => base64(40), (secret) => `bob,${join('AK', 'IA', upper(16))},${secret}`),
  'connection string': generated(password, (secret) => `postgres://bob:${secret.replace('#', '%23')}@db.acme.internal:5432/core`.replace(secret, secret)),
  'connection string without a user': generated(() => alnum(20), (secret) => `rediss://:${secret}@cache.acme.internal:6379/0`),
  'connection string with a slash': generated(() => `${alnum(6)}/${alnum(6)}`, (secret) => `amqp://bob:${secret}@mq.acme.internal`),
  'connection string of ADO': generated(() => alnum(16), (secret) => `Server=db;User Id=bob;Password=${secret};Encrypt=true`),
  'connection string of Azure': generated(() => `${base64(86)}==`, (secret) => `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${secret};EndpointSuffix=core.windows.net`),
  'token as the user of a URL': generated(() => alnum(30), (secret) => `cloning https://${secret}@git.acme.com/core.git`),
  'hex key': generated(() => hex(64), (secret) => `key=${secret}`),
  'base64 key': generated(() => `${base64(43)}=`, (secret) => `encryption_key: ${secret}`),
  'network device, typed': generated(() => upper(16), (secret) => ` neighbor 10.0.0.1 password 7 ${secret}`),
  'network device, enable': generated(password, (secret) => `enable secret ${secret}`),
  'network device, user': generated(password, (secret) => `username admin privilege 15 secret ${secret}`),
  'network device, SNMP': generated(() => alnum(10), (secret) => `snmp-server community ${secret} RO`),
  'e-mail': generated(() => `${from(LOWER, 8)}@${from(LOWER, 6)}.com`, (secret) => `login of ${secret} refused`),
};

const uuid = (): string => [8, 4, 4, 4, 12].map(hex).join('-');
const sha = (kind: string): string => createHash(kind).update(alnum(8)).digest('hex');
const pixel = (): string => Buffer.from(hex(60), 'hex').toString('base64');

/** Ordinary lines, in which nothing is to be hidden. */
export const ORDINARY: Readonly<Record<string, () => string>> = {
  'request': () => `{"level":"info","time":"2030-01-02T03:04:05.678Z","event":"answered","requestId":"${uuid()}","status":200,"tookMs":${digits(3)}}`,
  'access': () => `10.0.${digits(2)}.7 - - [02/Jan/2030:03:04:05 +0000] "GET /v1/models?page=${digits(1)}&limit=20 HTTP/1.1" 200 ${digits(4)} "-" "curl/8.5.0"`,
  'load balancer': () => `https 2030-01-02T03:04:05.678901Z app/core/${hex(16)} 10.0.0.1:${digits(5)} 10.0.1.2:8443 ` +
    '0.001 0.010 0.000 200 200 34 366 "POST https://core.acme.com:443/v1/chat/completions HTTP/1.1"',
  'trace': () => `traceparent: 00-${hex(32)}-${hex(16)}-01 x-amzn-trace-id: Root=1-${hex(8)}-${hex(24)}`,
  'git': () => `deployed commit ${sha('sha1')} of main (was ${hex(7)})`,
  'image': () => `pulled 111122223333.dkr.ecr.eu-central-1.amazonaws.com/core@sha256:${sha('sha256')}`,
  'ARNs': () => `assumed arn:aws:sts::111122223333:assumed-role/CoreTask/${hex(32)} for arn:aws:secretsmanager:eu-central-1:111122223333:secret:core/redis-${alnum(6)}`,
  'secret by reference': () => `secretArn=arn:aws:secretsmanager:eu-central-1:111122223333:secret:core-${alnum(6)} secretName=core/redis keyId=${uuid()}`,
  'KMS': () => `decrypting with arn:aws:kms:eu-central-1:111122223333:key/${uuid()}`,
  'usage': () => `{"usage":{"prompt_tokens":${digits(2)},"completion_tokens":${digits(3)},"total_tokens":${digits(3)}},"max_tokens":512,"tokens":${digits(3)}}`,
  'token life': () => 'token_type=Bearer expires_in=3600 token_endpoint=https://login.acme.com/oauth2/token',
  'refusal': () => '{"error":{"code":"unauthenticated","message":"A valid credential is required.","type":"unauthenticated"}}',
  'prose': () => 'Bearer token required; Basic authentication is not supported. The password was changed, and the secret rotated.',
  'state of a secret': () => 'password: missing, token: expired, secret: null, api_key=${CORE_KEY}',
  'image in base64': () => `icon data:image/png;base64,${pixel()}`,
  'integrity': () => `"integrity": "sha512-${base64(86)}=="`,
  'etag': () => `ETag: "${hex(32)}" Content-MD5: ${base64(22)}==`,
  'path': () => `/usr/local/lib/node_modules/${from(LOWER, 10)}/dist/${from(LOWER, 12)}/index.js:${digits(2)}:${digits(2)}`,
  'stack': () => 'TypeError: fetch failed\n    at node:internal/deps/undici/undici:13510:13\n    at async TokenVerifier.verify (/app/index.js:1:20345)',
  'S3 key': () => `put Key=models/${from(LOWER, 8)}/weights-${digits(5)}.safetensors cache_key=${hex(64)} idempotency-key: ${hex(32)}`,
  'DynamoDB': () => `partition_key=tenant#${digits(6)} sort_key=order#${digits(10)} key: pk, keys: 3`,
  'Redis': () => `connected to rediss://cache.acme.internal:6379/0 as gate, key prefix gate:, keyspace hits ${digits(6)}`,
  'certificate': () => `subject CN=core.acme.com serial ${hex(32)} SHA256 Fingerprint=${Array.from({ length: 32 }, () => hex(2).toUpperCase()).join(':')}`,
  'times': () => `1735787045.${digits(3)} 2030-01-02 03:04:05,678 +01:00 duration=PT${digits(2)}.5S`,
  'X-Ray id': () => `self=1-${hex(8)}-${hex(24)} x-amz-cf-id: ${url64(52)}== x-amz-request-id: ${upper(16)}`,
  'policy': () => 'Allow secretsmanager:GetSecretValue, kms:Decrypt, dynamodb:GetItem, sts:AssumeRole',
  'disk': () => `disk-${digits(4)} task-${hex(32)} risk-assessment-of-the-year keyboard=de monkey=7 author=bob tokenizer=cl100k_base`,
  'git remote': () => 'cloning git@github.com:acme/core.git and ssh://git@git.acme.com/core.git',
};
