import { CREDENTIAL_HEADERS } from '../../ingress/waf/credential-headers';
import { defineRule, each, expect, fail, NOT_APPLICABLE, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { Reference } from '../template/value';
import { attributeValues, LISTENER, protocolOf } from './load-balancing';
import { visibilitiesOf, WEB_ACL } from './web-acls';

const SERVER_HEADER_ATTRIBUTE = 'routing.http.response.server.enabled';

interface Masked {
  readonly headers: ReadonlySet<string>;
  /** @default - the headers by name */
  readonly allHeaders?: boolean;
  readonly query: boolean;
}

/** Where a protected field may be shown all the same: in what a rule matched, and in what a rate rule counted by. */
const EXCEPTIONS = ['ExcludeRuleMatchDetails', 'ExcludeRateBasedDetails'];

/** What a web ACL hides wherever a request is shown, in logs and in samples alike (AWS WAF guide, "Data protection"). */
function protectedBy(acl: Resource): Masked {
  const complete = acl.prop('DataProtectionConfig.DataProtections').items().filter((entry) => EXCEPTIONS.every((key) => entry.get(key).flag() !== true));
  const fields = complete.map((entry) => entry.get('Field'));
  const headers = fields.filter((field) => field.get('FieldType').text() === 'SINGLE_HEADER').map((field) => field.get('FieldKeys').items());
  return {
    headers: new Set(headers.flat().map((key) => (key.text() ?? '').toLowerCase())),
    // Without keys, all headers are protected (AWS WAF API, FieldToProtect).
    allHeaders: headers.some((keys) => keys.length === 0),
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
  const headers = [...new Set(wanted)].filter((name) => !masks.some((mask) => mask.allHeaders === true || mask.headers.has(name)));
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

const samples = defineRule('RED-5', 'waf-samples', {
  appliesTo: [WEB_ACL],
  remediation: `Set SampledRequestsEnabled to false, or name ${CREDENTIAL_HEADERS.join(', ')} and QUERY_STRING in DataProtectionConfig.`,
  check(acl) {
    const shown = missingFrom([...CREDENTIAL_HEADERS, ...keyHeadersOf(acl)], protectedBy(acl));
    return each(visibilitiesOf(acl), (visibility) => {
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
