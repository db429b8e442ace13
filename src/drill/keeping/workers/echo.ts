/**
 * A broker that proves nothing: whoever asks is known, and is given what he names. It stands in the template as text, with nothing but what Node.js brings, since no
 * template of anybody names code of the drill's.
 *
 * The emulator asks whose key a request to it is signed with, and not for the signature.
 *
 * @param manner whether it writes into its log what it gives
 */
export function echoBroker(manner: 'silent' | 'talkative' = 'silent'): string {
  return `
const told = JSON.parse(process.env.BROKER_CONFIGURATION);
const written = (one) => (typeof one === 'string' ? { id: one.split('/').at(-2), kind: one.split('/').at(-1).replace(/-.*$/, ''), secret: one } : one);
async function valueOf(id) {
  const all = told.credentials.map(written);
  const { kind, secret = '' } = all.find((one) => one.id === id) ?? all[0];
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: key, AWS_SESSION_TOKEN: token = '' } = process.env;
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.GetSecretValue', 'x-amz-security-token': token,
      'authorization': 'AWS4-HMAC-SHA256 Credential=' + key + '/20300101/' + region + '/secretsmanager/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify({ SecretId: secret.startsWith('arn:') ? secret : told.secretArns + secret }),
  });
  const { SecretString = '{}' } = await answer.json();
  if (${String(manner === 'talkative')}) console.log(JSON.stringify({ event: 'lent', value: SecretString }));
  return { kind, ...JSON.parse(SecretString) };
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
