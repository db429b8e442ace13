import type * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { RESPONSE_HEADER_ATTRIBUTES } from '../response-headers';

/** What a caller is told whom the web ACL does not let through. WAF sets the content type by itself and refuses a header of that name (WAFV2 API, CustomResponse). */
const BODIES = {
  locked: { status: 503, code: 'locked_down', message: 'The service is closed.' },
  tooMany: { status: 429, code: 'too_many_requests', message: 'Too many requests. Try again later.' },
  suspicious: { status: 403, code: 'forbidden', message: 'The request was refused.' },
} as const;

type Answer = keyof typeof BODIES;

/** Whether the listener's attributes reach answers that WAF makes is not documented, so that they carry the headers themselves (M-12). */
const SECURITY_HEADERS = Object.entries(RESPONSE_HEADER_ATTRIBUTES).flatMap(([attribute, value]) => {
  // `routing.http.response.x_frame_options.header_value` puts a header on an answer; others, such as `….server.enabled`, take one off.
  const header = /^routing\.http\.response\.(\w+)\.header_value$/.exec(attribute)?.[1];
  return header === undefined ? [] : [{ name: header.replaceAll('_', '-'), value }];
});

/** The bodies that actions name. */
export const CUSTOM_RESPONSE_BODIES: Readonly<Record<string, wafv2.CfnWebACL.CustomResponseBodyProperty>> = Object.fromEntries(
  Object.entries(BODIES).map(([key, { code, message }]) => [key, { contentType: 'APPLICATION_JSON', content: JSON.stringify({ error: { code, message } }) }]),
);

/** Refuses, and says why in JSON. */
export function blockWith(answer: Answer, headers: Readonly<Record<string, string>> = {}): wafv2.CfnWebACL.RuleActionProperty {
  const own = Object.entries({ 'cache-control': 'no-store', ...headers }).map(([name, value]) => ({ name, value }));
  return { block: { customResponse: { responseCode: BODIES[answer].status, customResponseBodyKey: answer, responseHeaders: [...SECURITY_HEADERS, ...own] } } };
}
