import {
  type Asked, BODY_BYTES, BODY_TEXT, COMMON_FIELDS, FIELDS, type FieldName, PROOF_FIELDS, type RequestProof, type RouteName, ROUTES, type SignedFields,
} from '../../broker/protocol/contract';
import { memberOf, parseJsonObject } from '../shared/json-object';
import { digestOf, withoutSignature } from './canonical';

export interface ReadBody {
  readonly signed: SignedFields;
  readonly asked: Asked;
  /** Of the body without its signature, hexadecimal. */
  readonly bodyDigest: string;
}

type Fields = Partial<Record<FieldName, string>>;

const FORMS = new Map(Object.entries(FIELDS).map(([name, { pattern }]) => [name, new RegExp(`^(?:${pattern})$`)]));

/** Nothing where the body is not one of the protocol's; by which fault is nobody's business but the sender's, who has the same tables. */
export function readBody(body: Buffer, route: RouteName): ReadBody | undefined {
  if (body.length < BODY_BYTES.least || body.length > BODY_BYTES.most) return undefined;
  // A byte is a character here, so that what is no ASCII cannot be read as anything else.
  const text = body.toString('latin1');
  if (!BODY_TEXT.test(text)) return undefined;
  const fields = fieldsOf(text, route);
  const signed = fields && signedOf(fields);
  const asked = fields && askedOf(fields, route);
  const unsigned = signed && withoutSignature(text, signed.signature);
  if (signed === undefined || asked === undefined || unsigned === undefined) return undefined;
  return { signed, asked, bodyDigest: digestOf(unsigned) };
}

/** Every field that the route has, in its form, and no other. */
function fieldsOf(text: string, route: RouteName): Fields | undefined {
  const object = parseJsonObject(text);
  if (object === undefined) return undefined;
  const { fields: own, proofs } = ROUTES[route];
  const demanded: readonly FieldName[] = [...COMMON_FIELDS, ...own];
  const given = proofs.filter((name) => Object.hasOwn(object, name));
  if (given.length > 1) return undefined;
  const read: Fields = {};
  for (const name of [...demanded, ...given]) {
    const value = memberOf(object, name);
    if (typeof value !== 'string' || FORMS.get(name)?.test(value) !== true) return undefined;
    read[name] = value;
  }
  return Object.keys(object).length === demanded.length + given.length ? read : undefined;
}

function signedOf(fields: Fields): SignedFields | undefined {
  const { worker_id: workerId, timestamp, nonce, hmac_signature: signature } = fields;
  if (workerId === undefined || timestamp === undefined || nonce === undefined || signature === undefined) return undefined;
  return { workerId, timestamp, nonce, signature, proof: proofOf(fields) };
}

function proofOf(fields: Fields): RequestProof {
  const [name] = PROOF_FIELDS.filter((field) => fields[field] !== undefined);
  const value = name === undefined ? undefined : fields[name];
  if (name === undefined || value === undefined) return { kind: 'shared' };
  switch (name) {
    case 'key_id': return { kind: 'own', keyId: value };
    case 'join_id': return { kind: 'join', joinId: value };
    case 'task_proof': return { kind: 'task', taskProof: value };
  }
}

function askedOf({ job_id: jobId, credential_id: credentialId, lease_id: leaseId }: Fields, route: RouteName): Asked | undefined {
  switch (route) {
    case 'register':
    case 'exit':
      return { route };
    case 'checkout':
      return jobId === undefined || credentialId === undefined ? undefined : { route, jobId, credentialId };
    case 'renew':
    case 'release':
      return jobId === undefined || credentialId === undefined || leaseId === undefined ? undefined : { route, jobId, credentialId, leaseId };
  }
}
