import { createHash } from 'node:crypto';
import { alnum, base64, digits, from, hex, ORDINARY, url64, upper } from './credential-shapes';

const uuid = (): string => [8, 4, 4, 4, 12].map(hex).join('-');
const sha = (kind: string): string => createHash(kind).update(alnum(8)).digest('hex');
const word = (length = 7): string => from('abcdefghijklmnopqrstuvwxyz', length);
const oneOf = <T>(...all: readonly T[]): T => all[Number(digits(4)) % all.length] as T;

/** Texts as they stand in logs, in which nothing is to be hidden, by kind: what the false-redaction rate is measured over. */
export const INNOCENT: Readonly<Record<string, () => string>> = {
  ...ORDINARY,
  'UUID': uuid,
  'UUID without signs': () => hex(32),
  'ULID': () => from('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 26),
  'nanoid': () => `id ${url64(21)}`,
  'request id of AWS': () => `RequestId: ${uuid()} Duration: ${digits(2)}.${digits(2)} ms Billed Duration: ${digits(3)} ms Memory Size: 256 MB`,
  'extended request id of S3': () => `x-amz-id-2: ${base64(66)}==`,
  'git hash': () => `commit ${sha('sha1')}\nAuthor: bob\n\n    Fix the ${word()} of ${word()}`,
  'short git hash': () => `${hex(7)}..${hex(7)} main -> origin/main`,
  'container': () => `container ${hex(64)} started from sha256:${sha('sha256')}`,
  'chat completion': () => `{"id":"chatcmpl-${alnum(29)}","object":"chat.completion","created":17${digits(8)},"model":"gpt-4o-2024-08-06","system_fingerprint":"fp_${hex(10)}"}`,
  'message of a model': () => `{"id":"msg_${alnum(24)}","type":"message","role":"assistant","model":"claude-sonnet-4-20250514","stop_reason":"end_turn"}`,
  'model name': () => oneOf('gpt-4o-mini', 'ft:gpt-4o-mini-2024-07-18:acme::A1b2C3d4',
    'meta-llama/Llama-3.1-8B-Instruct', 'anthropic.claude-3-5-sonnet-20241022-v2:0', 'mistralai/Mixtral-8x7B-Instruct-v0.1',
    'claude-sonnet-4@20250514', 'text-embedding-3-large', 'Qwen/Qwen2.5-72B-Instruct-AWQ'),
  'image by reference': () => `{"type":"image_url","image_url":{"url":"https://cdn.acme.com/i/${hex(24)}.png?w=640&h=480"}}`,
  'image in base64, longer': () => `data:image/jpeg;base64,/9j/${base64(120)}=`,
  'path of a file': () => `/var/lib/docker/overlay2/${hex(64)}/merged/usr/share/${word()}/${word(12)}.so.${digits(1)}`,
  'path on Windows': () => `C:\\Users\\bob\\AppData\\Local\\${word()}\\${word()}-${digits(4)}.log`,
  'prose': () => `The ${word()} of the key is that nobody loses it; a token of thanks, and the secret of a good ${word()}. Passwords are changed by their owners.`,
  'prose about access': () => 'Set a new password under Settings. Your API key is shown once. Authorization is decided by scope, and cookies expire after an hour.',
  'code': () => `const token = await ${word()}.verify(request.headers.authorization); if (!token) throw new Error('no token');`,
  'code of a test': () => `expect(decode(body).password).toBeUndefined(); // ${word()}`,
  'SQL': () => `SELECT id, owner, key_id FROM api_keys WHERE owner = $1 AND valid_until > now() LIMIT ${digits(2)}`,
  'metric': () => `gate_requests_total{status="200",route="/v1/chat/completions"} ${digits(6)}`,
  'Redis': () => `gate:lease:${hex(32)}:${uuid()} ttl 15`,
  'Kubernetes': () => `pod/core-${alnum(10).toLowerCase()}-${alnum(5).toLowerCase()} 1/1 Running 0 3h`,
  'checksum': () => `md5=${hex(32)} sha256=${hex(64)} crc32c=${base64(6)}==`,
  'trace state': () => `tracestate: dd=s:1;t.dm:-1,congo=${alnum(12)}`,
  'address of a network': () => `allowed 10.${digits(2)}.0.0/16 and fd00:${hex(4)}::/48 by sg-${hex(17)} in vpc-${hex(17)} subnet-${hex(17)}`,
  'load balancer': () => `app/core/${hex(16)} targetgroup/gate/${hex(16)} eni-${hex(17)}`,
  'certificate': () => `serial=${hex(32).toUpperCase()} notAfter=Jan  2 03:04:05 2030 GMT`,
  'time': () => `took ${digits(3)}.${digits(3)}ms since 2030-01-02T03:04:05.${digits(3)}Z`,
  'numbers': () => `usage: ${digits(5)} prompt tokens, ${digits(4)} completion tokens, budget ${digits(6)}`,
  'user agent': () => `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1${digits(2)}.0.0.0 Safari/537.36`,
  'ARN': () => `arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/core/${hex(16)}`,
  'bucket and key': () => `s3://core-assets-${digits(12)}/uploads/2030/01/${uuid()}.pdf`,
  'translation': () => 'Le mot de passe est requis. Das Passwort fehlt. La contraseña es incorrecta. パスワードが必要です。',
  'headers without credentials': () => `accept: */*\naccept-encoding: gzip, br\nx-request-id: ${uuid()}\ncontent-length: ${digits(4)}\nsec-fetch-mode: cors`,
  'package': () => `"node_modules/${word()}": { "version": "${digits(1)}.${digits(2)}.0", "integrity": "sha512-${base64(86)}==" }`,
  'instance': () => `i-${hex(17)} ami-${hex(17)} vol-${hex(17)} ${upper(8)}`,
};

/** What of these a redactor changes. */
export interface FalseRedactions {
  readonly total: number;
  readonly changed: number;
  /** How often, by kind; those that are left alone are not in it. */
  readonly byKind: ReadonlyMap<string, number>;
}

export function falseRedactions(redact: (text: string) => string, runs: number): FalseRedactions {
  const byKind = new Map<string, number>();
  let changed = 0;
  for (const [kind, make] of Object.entries(INNOCENT)) {
    for (let run = 0; run < runs; run += 1) {
      const text = make();
      if (redact(text) === text) continue;
      changed += 1;
      byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
    }
  }
  return { total: Object.keys(INNOCENT).length * runs, changed, byKind };
}
