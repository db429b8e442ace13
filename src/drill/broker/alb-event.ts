import type { IncomingHttpHeaders } from 'node:http';

export interface HttpRequest {
  readonly method: string;
  /** With its query, as it was sent. */
  readonly url: string;
  /** Names and values in turn, as they arrived. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Types that are handed on as text; all else is base64 (ELB guide, "Lambda functions as targets"). */
const TEXT = /^(?:text\/.*|application\/(?:json|javascript|xml)) *(?:;.*)?$/i;

/** What a load balancer hands to a function of a target group with multi-value headers. */
export function albEvent({ method, url, rawHeaders, headers, body }: HttpRequest, targetGroupArn: string): object {
  const [path = '', query = ''] = splitOnce(url, '?');
  const multiValueHeaders: Record<string, string[]> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    multiValueHeaders[name] = [...multiValueHeaders[name] ?? [], rawHeaders[index + 1] ?? ''];
  }
  const isBase64Encoded = headers['content-encoding'] !== undefined || !TEXT.test(headers['content-type'] ?? '');
  return {
    requestContext: { elb: { targetGroupArn } },
    httpMethod: method,
    path,
    multiValueQueryStringParameters: parametersOf(query),
    multiValueHeaders: { ...multiValueHeaders, 'x-forwarded-proto': ['https'], 'x-forwarded-port': ['443'] },
    body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
}

/** Not decoded: the load balancer hands them on as they were sent. */
function parametersOf(query: string): Record<string, string[]> {
  const parameters: Record<string, string[]> = {};
  for (const pair of query.split('&').filter((text) => text !== '')) {
    const [name = '', value = ''] = splitOnce(pair, '=');
    parameters[name] = [...parameters[name] ?? [], value];
  }
  return parameters;
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
