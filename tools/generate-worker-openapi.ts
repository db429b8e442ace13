import * as fs from 'node:fs';
import * as path from 'node:path';
import { CREDENTIAL_FORMS, type CredentialForm, DEVICE_CREDENTIAL_NAMES } from '../src/broker/forms/contract';
import {
  ANSWERS, COMMON_FIELDS, CONTENT_TYPE, FIELDS, type FieldName, METHOD, PROTOCOL_VERSION, REFUSAL_NAMES, type RefusalName, REFUSALS, REQUEST_ID_HEADER, RETRY_AFTER_HEADER,
  ROUTE_NAMES, type RouteFacts, type RouteName, ROUTES,
} from '../src/broker/protocol/contract';

export const OPENAPI_FILE = path.resolve(__dirname, '../docs/worker-protocol.openapi.json');

/** Whoever declares a path answers 404 at others only: where no load balancer stands before it. */
const TOLD: readonly RefusalName[] = REFUSAL_NAMES.filter((name) => name !== 'not-found');
const LATER: readonly RefusalName[] = ['too-many', 'unavailable'];
/** Nothing is forbidden where nothing is asked for: who may not register, or leave, has not proven who asks. */
const toldBy = ({ fields }: RouteFacts): readonly RefusalName[] => TOLD.filter((name) => name !== 'forbidden' || fields.length > 0);

const text = ({ pattern, meaning }: { readonly pattern: string; readonly meaning?: string }): object =>
  ({ type: 'string', pattern: `^(?:${pattern})$`, ...(meaning !== undefined && { description: meaning }) });

function closed(properties: Readonly<Record<string, object>>, required: readonly string[]): object {
  return { type: 'object', additionalProperties: false, ...(required.length > 0 && { required }), properties };
}

/** Every field of a route; of those that say by which key it is signed, one at most. */
function requestOf({ fields, proofs }: RouteFacts): object {
  const required: readonly FieldName[] = [...COMMON_FIELDS, ...fields];
  const properties = Object.fromEntries([...required, ...proofs].map((name) => [name, text(FIELDS[name])]));
  return { ...closed(properties, required), maxProperties: required.length + 1 };
}

function credentialOf(kind: string, form: CredentialForm): object {
  const properties = Object.fromEntries(Object.entries(form).map(([name, { pattern }]) => [name, text({ pattern })]));
  const required = Object.entries(form).filter(([, { isAlways }]) => isAlways).map(([name]) => name);
  return closed({ kind: { type: 'string', const: kind }, ...properties }, ['kind', ...required]);
}

function answerOf(route: RouteName): object {
  const fields = Object.entries(ANSWERS[route]);
  const properties = Object.fromEntries(fields.map(([name, field]) => [name, text(field)]));
  const required = fields.filter(([, { isAlways }]) => isAlways).map(([name]) => name);
  if (route !== 'checkout') return closed(properties, required);
  return closed({ ...properties, credential: { $ref: '#/components/schemas/credential' } }, [...required, 'credential']);
}

const header = (description: string, schema: object): object => ({ description, required: true, schema });
const ANY_ANSWER = {
  [REQUEST_ID_HEADER]: header('What the broker knows the request by.', { type: 'string' }),
  'cache-control': header('No answer is kept.', { type: 'string', const: 'no-store' }),
};

function response(description: string, schema: object, headers: object = {}): object {
  return { description, headers: { ...ANY_ANSWER, ...headers }, content: { [CONTENT_TYPE]: { schema } } };
}

function refusalOf(name: RefusalName): object {
  const isProofless = name === 'unauthenticated';
  const time = { time: text({ pattern: FIELDS.timestamp.pattern, meaning: 'The broker\'s clock: seconds since 1970, UTC.' }) };
  const schema = closed({ error: { type: 'string', const: name }, ...(isProofless && time) }, ['error', ...(isProofless ? ['time'] : [])]);
  const later = { [RETRY_AFTER_HEADER]: header('In seconds.', text({ pattern: '[0-9]{1,3}' })) };
  return response(REFUSALS[name].meaning, schema, LATER.includes(name) ? later : {});
}

function operationOf(route: RouteName): object {
  return {
    operationId: route,
    summary: ROUTES[route].meaning,
    requestBody: { required: true, content: { [CONTENT_TYPE]: { schema: { $ref: `#/components/schemas/${route}` } } } },
    responses: {
      200: response('Done.', answerOf(route)),
      ...Object.fromEntries(toldBy(ROUTES[route]).map((name) => [REFUSALS[name].status, { $ref: `#/components/responses/${name}` }])),
    },
  };
}

/** The worker protocol for programs; how a request is signed stands on the page alone. */
export const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Worker protocol of cdk-secure-core',
    version: PROTOCOL_VERSION,
    description: 'How workers register with a credential broker and take credentials. Bodies are printable ASCII without a backslash of at most 4096 bytes, and signed: see worker-protocol.md. '
      + 'Send a User-Agent: the firewall in front of a broker blocks what has none.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: 'https://{host}', variables: { host: { default: 'broker.example.com', description: 'The broker\'s domain name.' } } }],
  paths: Object.fromEntries(ROUTE_NAMES.map((route) => [ROUTES[route].path, { [METHOD.toLowerCase()]: operationOf(route) }])),
  components: {
    schemas: {
      ...Object.fromEntries(ROUTE_NAMES.map((route) => [route, requestOf(ROUTES[route])])),
      credential: { oneOf: DEVICE_CREDENTIAL_NAMES.flatMap((kind) => CREDENTIAL_FORMS[kind].map((form) => credentialOf(kind, form))) },
    },
    responses: Object.fromEntries(TOLD.map((name) => [name, refusalOf(name)])),
  },
};

export const openapiText = (): string => `${JSON.stringify(OPENAPI, undefined, 2)}\n`;

if (require.main === module) fs.writeFileSync(OPENAPI_FILE, openapiText());
