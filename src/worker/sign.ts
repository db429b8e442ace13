import { createHash, createHmac } from 'node:crypto';
import { BODY_BYTES, BODY_TEXT, CANONICAL_SEPARATOR, CANONICAL_VERSION, FIELDS, METHOD, ZERO_SIGNATURE } from '../broker/protocol/contract';

/** A request before it is signed. */
export interface UnsignedRequest {
  /** Of the broker, in lower case and without a port. */
  readonly host: string;
  /** Such as `/credentials/checkout`. */
  readonly path: string;
  /** The JSON text as it will be sent, with 64 zeros as its `hmac_signature`. */
  readonly body: string;
}

export interface SignedRequest extends UnsignedRequest {
  /** What was signed, line by line. */
  readonly canonical: string;
  /** 64 lower-case hexadecimal digits. */
  readonly signature: string;
}

/** Another field may hold 64 zeros as well; a body without a backslash has its name before a colon only once. */
const PLACE = new RegExp(`("hmac_signature" *: *")${ZERO_SIGNATURE}"`);

/**
 * Signs a request as docs/worker-protocol.md has it; its test vectors are made by the other side.
 *
 * @param key its text as it was handed out: it is not decoded
 * @throws TypeError where the body is none of the protocol
 */
export function sign({ host, path, body }: UnsignedRequest, key: string): SignedRequest {
  if (body.length > BODY_BYTES.most || !BODY_TEXT.test(body)) throw new TypeError(`body: must be at most ${BODY_BYTES.most} printable ASCII characters, and no backslash among them`);
  if (!PLACE.test(body)) throw new TypeError('body: must hold 64 zeros as its hmac_signature');
  const fields = fieldsOf(body);
  const digest = createHash('sha256').update(body).digest('hex');
  const canonical = [CANONICAL_VERSION, METHOD, path, host, ...fields, digest].join(CANONICAL_SEPARATOR);
  const signature = createHmac('sha256', key).update(canonical).digest('hex');
  return { host, path, body: body.replace(PLACE, `$1${signature}"`), canonical, signature };
}

function fieldsOf(body: string): readonly string[] {
  const read: unknown = JSON.parse(body);
  const fields = new Map<string, unknown>(typeof read === 'object' && read !== null ? Object.entries(read) : []);
  return (['worker_id', 'timestamp', 'nonce'] as const).map((name) => formed(name, fields.get(name)));
}

const FORMS = new Map<string, RegExp>(Object.entries(FIELDS).map(([name, { pattern }]) => [name, new RegExp(`^(?:${pattern})$`)]));

/** A field's value, if it has the form of one. @throws TypeError with the name and never the value */
export function formed(name: keyof typeof FIELDS, value: unknown): string {
  if (typeof value !== 'string' || FORMS.get(name)?.test(value) !== true) throw new TypeError(`${name}: must match ${FIELDS[name].pattern}`);
  return value;
}
