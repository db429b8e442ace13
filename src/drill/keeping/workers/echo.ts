/**
 * A broker that proves nothing: whoever asks is known, and is given what he names. It stands in the template as text, with nothing but what Node.js brings, since no
 * template of anybody names code of the drill's. So it signs by itself what it asks of AWS (IAM guide, "Create a signed AWS API request").
 *
 * @param manner whether it writes into its log what it gives
 */
export function echoBroker(manner: 'silent' | 'talkative' = 'silent'): string {
  return `
const { createHash, createHmac } = require('node:crypto');
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key, AWS_SESSION_TOKEN: token = '' } = process.env;

async function ofAws(service, target, asked) {
  const body = JSON.stringify(asked);
  const at = new Date().toISOString().replace(/[-:]|[.][0-9]+/g, '');
  const scope = [at.slice(0, 8), region, service, 'aws4_request'];
  const headers = { 'host': new URL(endpoint).host, 'x-amz-date': at, 'x-amz-security-token': token, 'x-amz-target': target };
  const names = Object.keys(headers).join(';');
  const canonical = ['POST', '/', '', ...Object.entries(headers).map((pair) => pair.join(':')), '', names, sha256(body)].join('\\n');
  const toSign = ['AWS4-HMAC-SHA256', at, scope.join('/'), sha256(canonical)].join('\\n');
  const signature = hmac(scope.reduce(hmac, 'AWS4' + key), toSign).toString('hex');
  const authorization = 'AWS4-HMAC-SHA256 Credential=' + [id, ...scope].join('/') + ', SignedHeaders=' + names + ', Signature=' + signature;
  const answer = await fetch(endpoint, { method: 'POST', headers: { ...headers, authorization, 'content-type': 'application/x-amz-json-1.1' }, body });
  return answer.json();
}

const told = JSON.parse(process.env.BROKER_CONFIGURATION);
const written = (one) => (typeof one === 'string' ? { id: one.split('/').at(-2), kind: one.split('/').at(-1).replace(/-.*$/, ''), secret: one } : one);

async function valueOf(id) {
  const all = told.credentials.map(written);
  const { kind, secret, parameter } = all.find((one) => one.id === id) ?? all[0];
  const value = secret === undefined
    ? (await ofAws('ssm', 'AmazonSSM.GetParameter', { Name: parameter, WithDecryption: true })).Parameter.Value
    : (await ofAws('secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: secret.startsWith('arn:') ? secret : told.secretArns + secret })).SecretString;
  if (${String(manner === 'talkative')}) console.log(JSON.stringify({ event: 'lent', value }));
  return { kind, ...JSON.parse(value) };
}

const end = String(Math.floor(Date.now() / 1000) + 3600);
exports.handler = async (event) => {
  if (event.requestContext === undefined) return { epoch: 1, token: 'A'.repeat(22) + '.' + 'B'.repeat(43) };
  let asked = {};
  try { asked = JSON.parse(event.body); } catch { }
  const answer = { worker_id: asked.worker_id, lease_seconds: '300', key_id: 'A'.repeat(22), worker_key: 'ab'.repeat(32), lease_id: 'A'.repeat(43), expires_at: end, renewable_until: end };
  if (event.path === '/credentials/checkout') answer.credential = await valueOf(asked.credential_id);
  return { statusCode: 200, multiValueHeaders: { 'content-type': ['application/json'] }, isBase64Encoded: false, body: JSON.stringify(answer) };
};
`;
}
