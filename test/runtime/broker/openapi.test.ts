import * as fs from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import { CREDENTIAL_FORMS } from '../../../src/broker/forms/contract';
import { REFUSALS, ROUTE_NAMES, ROUTES } from '../../../src/broker/protocol/contract';
import { VECTORS } from '../../../tools/generate-worker-vectors';
import { OPENAPI, OPENAPI_FILE, openapiText } from '../../../tools/generate-worker-openapi';

/** OpenAPI 3.1 describes bodies in JSON Schema of 2020-12. */
const SCHEMAS = new Map<string, object>(Object.entries(OPENAPI.components.schemas));
const VALIDATE = new Map<string, ValidateFunction>(ROUTE_NAMES.map((name) => [ROUTES[name].path, new Ajv2020().compile(SCHEMAS.get(name) ?? {})]));

const fits = (path: string, body: string): boolean => VALIDATE.get(path)?.(JSON.parse(body)) === true;

test('the published description is what the generator writes', () => {
  expect(fs.readFileSync(OPENAPI_FILE, 'utf8')).toBe(openapiText());
});

test('it has the routes of the protocol, each by POST alone and with every answer that it gives', () => {
  expect(Object.entries(OPENAPI.paths)).toEqual(ROUTE_NAMES.map((name) => [ROUTES[name].path, { post: expect.objectContaining({ operationId: name }) as unknown }]));
  for (const [path, { post }] of Object.entries(OPENAPI.paths) as [string, { readonly post: { readonly responses: object } }][]) {
    // Of a path that is declared; and only what is asked for can be forbidden.
    const never = path.startsWith('/worker/') ? [403, 404] : [404];
    const statuses = Object.values(REFUSALS).map(({ status }) => status).filter((status) => !never.includes(status)).map(String);
    expect(Object.keys(post.responses)).toEqual(['200', ...statuses]);
  }
});

test.each(VECTORS.valid.map(({ name, path, body }) => [name, path, body]))('it describes what is taken: %s', (_name, path, body) => {
  expect(fits(path, body)).toBe(true);
});

test('and nothing that lacks a field, has another, or is of another form', () => {
  const told = ['no version', 'no worker', 'no job', 'no signature', 'another version', 'a timestamp in milliseconds', 'a worker with a slash', 'a job that is null', 'a field that nobody knows',
    'a field of another route', 'a join token at a checkout', 'two ways to prove who asks', 'the signature is in upper case', 'an empty object'];
  const wrong = VECTORS.invalid.filter(({ name }) => told.includes(name));
  expect(wrong).toHaveLength(told.length);
  for (const { path, body } of wrong) expect(fits(path, body)).toBe(false);
});

test('a credential is described by exactly one of the forms', () => {
  const validate = new Ajv2020().compile(OPENAPI.components.schemas.credential);
  expect(OPENAPI.components.schemas.credential.oneOf).toHaveLength(Object.values(CREDENTIAL_FORMS).flat().length);
  expect(validate({ kind: 'ssh', username: 'netops', password: 'p' })).toBe(true);
  expect(validate({ kind: 'snmp', version: '2c', community: 'campus' })).toBe(true);
  const wrong = [{ username: 'netops', password: 'p' }, { kind: 'snmp', username: 'netops', password: 'p' }, { kind: 'snmp', version: '2c', community: 'public' }];
  for (const value of wrong) expect(validate(value)).toBe(false);
});

test('every pattern is one for JSON Schema as well as for Python', () => {
  const patterns = openapiText().match(/"pattern": ".*"/g) ?? [];
  expect(patterns.length).toBeGreaterThan(20);
  for (const line of patterns) {
    const { pattern } = JSON.parse(`{${line}}`) as { readonly pattern: string };
    expect(() => new RegExp(pattern, 'u')).not.toThrow();
    expect(pattern).toMatch(/^\^\(\?:.*\)\$$/);
    expect(pattern).not.toMatch(/\\[pdwsAZz]|\(\?<|\(\?[a-z]/);
  }
});
