import { floodersOf } from '../../../src/drill/attacks/flooders';
import { PLAIN } from '../../../src/drill/requests/drafts';
import type { WafRuleModel, WafStatement, WebAclModel } from '../../../src/drill/edge/model';

const OFFICE: WafStatement = { kind: 'ip-set', cidrs: ['10.0.0.0/8'] };
const ONE: WafStatement = { kind: 'ip-set', cidrs: ['192.0.2.7/32'] };

function rate(limit: number, scopeDown?: WafStatement): WafStatement {
  return { kind: 'rate', limit, windowSeconds: 60, key: { kind: 'address' }, ...scopeDown && { scopeDown } };
}

function rule(priority: number, action: 'allow' | 'block', statement: WafStatement): WafRuleModel {
  return { name: `rule-${priority}`, priority, action: action === 'block' ? { kind: 'block', status: 429 } : { kind: 'allow' }, statement };
}

function acl(defaultAction: 'allow' | 'block', ...rules: WafRuleModel[]): WebAclModel {
  return { place: { stack: 'Stack', logicalId: 'Acl' }, defaultAction: defaultAction === 'block' ? { kind: 'block', status: 403 } : { kind: 'allow' }, rules };
}

/** The limits that are tried, each with whether it is tried from the office. */
function tried(webAcl: WebAclModel | undefined, served?: string): readonly (readonly [limit: number | undefined, address: string])[] {
  return floodersOf(webAcl, { ...PLAIN, ...served !== undefined && { from: served } }).map(({ draft, limit }) => [limit?.rate.limit, draft.from]);
}

test.each<[string, WebAclModel | undefined, ReturnType<typeof tried>]>([
  ['is none', undefined, [[undefined, '203.0.113.11']]],
  ['limits everybody alike', acl('allow', rule(1, 'block', rate(100))), [[100, '203.0.113.11']]],
  ['allows some before they are counted', acl('allow', rule(2, 'block', rate(100)), rule(1, 'allow', OFFICE)), [[100, '203.0.113.11'], [undefined, '10.11.12.13']]],
  ['counts before it allows', acl('allow', rule(1, 'block', rate(100)), rule(2, 'allow', OFFICE)), [[100, '203.0.113.11']]],
  ['counts some only', acl('allow', rule(1, 'block', rate(100, OFFICE))), [[undefined, '203.0.113.11'], [100, '10.11.12.13']]],
  ['has a lower limit for some', acl('allow', rule(1, 'block', rate(100, OFFICE)), rule(2, 'block', rate(900))), [[900, '203.0.113.11'], [100, '10.11.12.13']]],
  ['lets some in only', acl('block', rule(1, 'block', rate(100)), rule(2, 'allow', OFFICE)), [[100, '10.11.12.13']]],
])('a flood comes from one address of each kind where the web ACL %s', (_, webAcl, expected) => {
  expect(tried(webAcl)).toEqual(expected);
});

test('whoever is to be served afterwards is spared, even where nobody else is let in', () => {
  expect(tried(acl('block', rule(1, 'block', rate(100)), rule(2, 'allow', ONE)), '192.0.2.7')).toEqual([[100, '203.0.113.11']]);
  expect(tried(acl('block', rule(1, 'allow', ONE), rule(2, 'block', rate(100))), '192.0.2.7')).toEqual([[undefined, '192.0.2.7']]);
});
