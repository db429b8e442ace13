import { isJsonObject, type JsonObject, memberOf } from '../shared/json-object';

/** A request as a load balancer hands it to a function (ELB guide, "Lambda functions as targets"). */
export interface AlbRequest {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  readonly hasQuery: boolean;
  /** Every value of every header; names in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
}

/** Whether a load balancer calls: whatever else does is somebody who may call the function itself. */
export function isAlbEvent(event: unknown): event is JsonObject {
  if (!isJsonObject(event)) return false;
  const context = memberOf(event, 'requestContext');
  return isJsonObject(context) && Object.hasOwn(context, 'elb');
}

/** Nothing where the event is none of a target group with multi-value headers: without them the last of two headers wins, and nobody could see that there were two. */
export function readAlbEvent(event: JsonObject): AlbRequest | undefined {
  const [method, path] = [memberOf(event, 'httpMethod'), memberOf(event, 'path')];
  const headers = headersOf(memberOf(event, 'multiValueHeaders'));
  const body = bodyOf(memberOf(event, 'body') ?? '', memberOf(event, 'isBase64Encoded'));
  if (typeof method !== 'string' || typeof path !== 'string' || headers === undefined || body === undefined) return undefined;
  const hasQuery = ['queryStringParameters', 'multiValueQueryStringParameters'].some((name) => isFilled(memberOf(event, name)));
  return { method, path, hasQuery, headers, body };
}

function isFilled(parameters: unknown): boolean {
  return parameters !== undefined && parameters !== null && !(isJsonObject(parameters) && Object.keys(parameters).length === 0);
}

function headersOf(value: unknown): ReadonlyMap<string, readonly string[]> | undefined {
  if (!isJsonObject(value)) return undefined;
  const headers = new Map<string, readonly string[]>();
  for (const [name, values] of Object.entries(value)) {
    if (!Array.isArray(values) || !values.every((text) => typeof text === 'string')) return undefined;
    const key = name.toLowerCase();
    headers.set(key, [...headers.get(key) ?? [], ...values]);
  }
  return headers;
}

/** What is not of a text type comes in base64. */
function bodyOf(body: unknown, isBase64: unknown): Buffer | undefined {
  if (typeof body !== 'string') return undefined;
  return Buffer.from(body, isBase64 === true ? 'base64' : 'utf8');
}
