import type { AlbRequest } from '../../src/runtime/broker/alb-event';

/** A request as a worker sends it. */
export interface SentRequest {
  readonly method?: string;
  readonly host: string;
  /** With its query. */
  readonly path: string;
  readonly content_type?: string;
  readonly body: string;
}

/** The event that a load balancer makes of it (ELB guide, "Lambda functions as targets"). */
export function albEventOf({ method = 'POST', host, path, content_type = 'application/json', body }: SentRequest, headers: Readonly<Record<string, string[]>> = {}): Record<string, unknown> {
  const [bare = '', query] = path.split('?');
  return {
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/broker/0123456789abcdef' } },
    httpMethod: method,
    path: bare,
    multiValueQueryStringParameters: query === undefined ? {} : Object.fromEntries([...new URLSearchParams(query)].map(([name, value]) => [name, [value]])),
    multiValueHeaders: {
      'host': [host], 'content-type': [content_type], 'x-forwarded-for': ['10.0.0.7'], 'x-forwarded-port': ['443'], 'x-forwarded-proto': ['https'], 'x-amzn-trace-id': ['Root=1-0-0'], ...headers,
    },
    body,
    isBase64Encoded: false,
  };
}

/** The same, as it is read. */
export function albRequestOf({ method = 'POST', host, path, content_type = 'application/json', body }: Omit<SentRequest, 'body'> & { readonly body: string | Buffer }): AlbRequest {
  return { method, path, hasQuery: false, headers: new Map([['host', [host]], ['content-type', [content_type]]]), body: Buffer.from(body) };
}
