import { type Check, examine, forEach, OK, okIf, type Result, wrong } from '../examine';
import type { Attributes, DoctorAws } from '../aws';
import type { Ward } from '../ward';

type WebAcl = { readonly acl: Awaited<ReturnType<DoctorAws['webAclOf']>> };

/** That there is none is an answer. */
export const WEB_ACLS: readonly Check<WebAcl>[] = [
  { item: 'load-balancers.web-acl', judge: ({ acl }) => (acl === undefined ? wrong('has no web ACL') : OK) },
  {
    item: 'load-balancers.rate',
    judge: ({ acl }) => acl && okIf((acl.Rules ?? []).some(({ Statement, Action }) => Statement?.RateBasedStatement !== undefined && Action?.Block !== undefined), 'has a web ACL that limits no rate'),
  },
];

/** What each attribute has to be, and what it means where it is not (ELB guide, "Load balancer attributes"). */
const REQUESTS: readonly (readonly [attribute: string, holds: RegExp, says: string])[] = [
  ['routing.http.drop_invalid_header_fields.enabled', /^true$/, 'passes on headers that are none'],
  ['routing.http.desync_mitigation_mode', /^(strictest|defensive)$/, 'passes on requests that can be read in two ways'],
  ['routing.http.xff_header_processing.mode', /^(append|remove)$/, 'takes the word of callers for where they come from'],
  ['waf.fail_open.enabled', /^false$/, 'lets everything pass while the web ACL does not answer'],
];

export const LOAD_BALANCERS: readonly Check<{ readonly attributes: Attributes }>[] = [
  {
    item: 'load-balancers.requests',
    judge: ({ attributes }) => {
      // What is not told is AWS's default, which may be any.
      const fault = REQUESTS.find(([attribute, holds]) => !holds.test(attributes.get(attribute) ?? ''));
      return fault === undefined ? OK : wrong(fault[2]);
    },
  },
  { item: 'load-balancers.logs', judge: ({ attributes }) => okIf(attributes.get('access_logs.s3.enabled') === 'true', 'logs no access') },
];

export function examineLoadBalancers({ aws, loadBalancers }: Ward): Promise<readonly Result[]> {
  return forEach(loadBalancers, async ({ path, physicalId }) => [
    ...await examine(path, () => aws.loadBalancerOf(physicalId), LOAD_BALANCERS),
    ...await examine(path, async () => ({ acl: await aws.webAclOf(physicalId) }), WEB_ACLS),
  ]);
}
