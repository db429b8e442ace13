import { defineRule, each, expect, fail, NOT_APPLICABLE, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { Reference } from '../template/value';
import { attributeValues, LISTENER, protocolOf } from './load-balancing';

const WEB_ACL = 'AWS::WAFv2::WebACL';
const SERVER_HEADER_ATTRIBUTE = 'routing.http.response.server.enabled';

/** Headers that carry credentials: tokens, sessions, API keys (RC-05, TS-02). */
const CREDENTIAL_HEADERS = ['authorization', 'cookie', 'x-api-key'];

interface Masked {
  readonly headers: ReadonlySet<string>;
  readonly query: boolean;
}

/** What a web ACL hides wherever a request is shown, in logs and in samples alike (AWS WAF guide, "Data protection"). */
function protectedBy(acl: Resource): Masked {
  const fields = acl.prop('DataProtectionConfig.DataProtections').items().map((entry) => entry.get('Field'));
  const headers = fields.filter((field) => field.get('FieldType').text() === 'SINGLE_HEADER').flatMap((field) => field.get('FieldKeys').items());
  return {
    headers: new Set(headers.map((key) => (key.text() ?? '').toLowerCase())),
    query: fields.some((field) => field.get('FieldType').text() === 'QUERY_STRING'),
  };
}

/** The name of a header stands under `Name`; templates written by hand have it in either case, and WAF takes both. */
function headerIn(field: Property): string {
  const header = field.get('SingleHeader');
  return (header.exists ? header.get('Name').text() ?? header.get('name').text() ?? '' : '').toLowerCase();
}

/** Headers whose values have budgets of their own: what tells callers apart is as good as their key. */
function keyHeadersOf(acl: Resource): string[] {
  const keys = acl.prop('Rules').items().flatMap((rule) => rule.get('Statement.RateBasedStatement.CustomKeys').items());
  return keys.map((key) => key.get('Header')).filter((header) => header.exists).map((header) => (header.get('Name').text() ?? '').toLowerCase());
}

function missingFrom(wanted: readonly string[], ...masks: readonly Masked[]): string[] {
  const headers = [...new Set(wanted)].filter((name) => !masks.some((mask) => mask.headers.has(name)));
  return [...headers, ...(masks.some(({ query }) => query) ? [] : ['the query string'])];
}

const logs = defineRule('RED-5', 'waf-log-redaction', {
  appliesTo: ['AWS::WAFv2::LoggingConfiguration'],
  remediation: `Name ${CREDENTIAL_HEADERS.join(', ')} and the headers that rate rules count by as SingleHeader, and QueryString {}, in RedactedFields.`,
  check(logging) {
    const fields = logging.prop('RedactedFields');
    const redacted: Masked = {
      headers: new Set(fields.items().map(headerIn)),
      query: fields.items().some((field) => field.get('QueryString').exists),
    };
    const owner = logging.prop('ResourceArn');
    const acl = owner.value instanceof Reference ? owner.value.resource : undefined;
    if (acl?.type !== WEB_ACL) {
      const open = missingFrom(CREDENTIAL_HEADERS, redacted);
      return open.length === 0 ? PASS : undecidable(owner, `shows ${open.join(', ')} of every request, unless a web ACL that is in none of the templates hides them`);
    }
    const shown = missingFrom([...CREDENTIAL_HEADERS, ...keyHeadersOf(acl)], redacted, protectedBy(acl));
    return expect(shown.length === 0, fields, `shows ${shown.join(', ')} of every request, where credentials travel`);
  },
});

/** Where web ACLs and their rules say whether samples of requests are kept. */
function visibilities(acl: Resource): Property[] {
  return [acl, ...acl.prop('Rules').items()].map((owner) => ('prop' in owner ? owner.prop('VisibilityConfig') : owner.get('VisibilityConfig')));
}

const samples = defineRule('RED-5', 'waf-samples', {
  appliesTo: [WEB_ACL],
  remediation: `Set SampledRequestsEnabled to false, or name ${CREDENTIAL_HEADERS.join(', ')} and QUERY_STRING in DataProtectionConfig.`,
  check(acl) {
    const shown = missingFrom([...CREDENTIAL_HEADERS, ...keyHeadersOf(acl)], protectedBy(acl));
    return each(visibilities(acl), (visibility) => {
      const sampled = visibility.get('SampledRequestsEnabled');
      // Redacted fields apply to logs alone (AWS WAF API, LoggingConfiguration).
      return sampled.flag() === true && shown.length > 0 ? fail(sampled, `keeps samples of requests that show ${shown.join(', ')}`, 'warning') : PASS;
    });
  },
});

const server = defineRule('RED-3', 'server-header', {
  extent: 'the Server header of the load balancer',
  appliesTo: [LISTENER],
  remediation: `Set the listener attribute ${SERVER_HEADER_ATTRIBUTE} to "false".`,
  check(listener) {
    if (protocolOf(listener) !== 'HTTPS') return NOT_APPLICABLE;
    const says = 'names the kind of server on every answer';
    const places = attributeValues(listener, 'ListenerAttributes', SERVER_HEADER_ATTRIBUTE);
    if (places.length === 0) return fail(listener.prop('ListenerAttributes'), `${says}, since ${SERVER_HEADER_ATTRIBUTE} is true by default`, 'warning');
    return each(places, (place) => (place.flag() === false ? PASS : fail(place, says, 'warning')));
  },
});

export const RED_RULES = [server, logs, samples];
