import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CREDENTIAL_FORMS, DEVICE_CREDENTIAL_NAMES } from '../../../src/broker/forms/contract';
import { ANSWERS, FIELDS, REFUSAL_NAMES, REFUSALS, ROUTE_NAMES, ROUTES, TASK_PROOF } from '../../../src/broker/protocol/contract';
import { candidateKeys } from '../../../src/runtime/broker/keys';
import { readRequest } from '../../../src/runtime/broker/read-request';
import { signerOf } from '../../../src/runtime/broker/signature';
import { VECTORS } from '../../../tools/generate-worker-vectors';
import { albRequestOf } from '../../support/worker-requests';

const PAGE = fs.readFileSync(path.resolve(__dirname, '../../../docs/worker-protocol.md'), 'utf8');

/** Runs the page's own function, and then prints what it makes of the arguments. */
function signedBody(...args: readonly unknown[]): string {
  const [, code = ''] = /^```python\n([\s\S]*?)^```/m.exec(PAGE) ?? [];
  return execFileSync('python3', ['-I', '-c', `${code}\nimport sys\nprint(signed_body(*json.loads(sys.argv[1])).decode('ascii'), end='')`, JSON.stringify(args)], { encoding: 'utf8' });
}

test.each(Object.entries(FIELDS))('tells of the field %s', (name, { pattern, meaning }) => {
  expect(PAGE).toContain(`| \`${name}\` | \`${pattern}\` | ${meaning} |`);
});

test.each(ROUTE_NAMES.map((name) => ROUTES[name]))('tells of $path, and of its fields', ({ path: route, fields }) => {
  const row = PAGE.split('\n').find((line) => line.startsWith(`| \`${route}\` |`)) ?? '';
  expect(row.split('|')[2]?.match(/`[a-z_]+`/g) ?? []).toEqual(expect.arrayContaining(fields.map((field) => `\`${field}\``)));
});

test.each(REFUSAL_NAMES)('tells of the answer %s', (name) => {
  expect(PAGE).toContain(`| ${REFUSALS[name].status} | \`{"error":"${name}"`);
});

test('tells of every field of an answer, of every form of a credential, and of everything that a task signs', () => {
  const words = [
    ...Object.values(ANSWERS).flatMap((fields) => Object.keys(fields)),
    ...DEVICE_CREDENTIAL_NAMES.flatMap((kind) => [kind, ...CREDENTIAL_FORMS[kind].flatMap((form) => Object.keys(form))]),
  ];
  for (const word of words) expect(PAGE).toContain(`\`${word}\``);
  for (const text of [TASK_PROOF.body, `content-type: ${TASK_PROOF.contentType}`, `${TASK_PROOF.header}: <host>/<worker_id>/<nonce>`]) expect(PAGE).toContain(text);
});

test('its example is one of the vectors', () => {
  const vector = VECTORS.valid.find(({ name }) => PAGE.includes(`"${name}"`));
  for (const part of [vector?.key, vector?.body_with_zeros, vector?.canonical, vector?.signature]) expect(PAGE).toContain(part ?? 'no vector');
});

test('what its Python signs is taken', () => {
  const { host, shared, master: own } = VECTORS;
  const body = signedBody(shared.current, host, ROUTES.checkout.path, { worker_id: 'worker-9', job_id: 'job:9', credential_id: 'core-router', nonce: '0'.repeat(64) });
  const request = readRequest(albRequestOf({ host, path: ROUTES.checkout.path, body }));
  if (typeof request === 'string') throw new Error(request);
  const { signed: { proof, workerId, signature }, canonical, asked } = request;
  expect(asked).toEqual({ route: 'checkout', jobId: 'job:9', credentialId: 'core-router' });
  expect(signerOf(candidateKeys(proof, workerId, { shared, own }), canonical, signature)).toBeDefined();
});
