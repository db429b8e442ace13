import { GetIPSetCommand, GetRegexPatternSetCommand, GetRuleGroupCommand, GetWebACLCommand, GetWebACLForResourceCommand } from '@aws-sdk/client-wafv2';
import type { Json, JsonMap } from '../../../checks/template/template';
import { fromWafWords } from '../../emulator/waf-words';
import { plainJson, type Readers, unlessGone } from '../reader';

/** `Ref` of a WAF resource is its name, id and scope with a bar between them. */
function named(physicalId: string): { readonly Name: string; readonly Id: string; readonly Scope: 'REGIONAL' | 'CLOUDFRONT' } {
  const [Name = '', Id = '', scope] = physicalId.split('|');
  return { Name, Id, Scope: scope === 'CLOUDFRONT' ? 'CLOUDFRONT' : 'REGIONAL' };
}

export const WAF_READERS: Readers = {
  'AWS::WAFv2::WebACL': {
    async held({ waf }, id) {
      const acl = (await unlessGone(() => waf.send(new GetWebACLCommand(named(id)))))?.WebACL;
      return acl && { ...(fromWafWords(plainJson(acl)) as JsonMap), Scope: named(id).Scope };
    },
  },
  'AWS::WAFv2::WebACLAssociation': {
    async held({ waf }, id) {
      const ResourceArn = id.slice(id.indexOf('|') + 1);
      const acl = (await unlessGone(() => waf.send(new GetWebACLForResourceCommand({ ResourceArn }))))?.WebACL;
      return acl && { ResourceArn, WebACLArn: acl.ARN ?? null };
    },
  },
  'AWS::WAFv2::IPSet': {
    async held({ waf }, id) {
      const set = (await unlessGone(() => waf.send(new GetIPSetCommand(named(id)))))?.IPSet;
      return set && { ...plainJson(set), Scope: named(id).Scope };
    },
  },
  'AWS::WAFv2::RegexPatternSet': {
    async held({ waf }, id) {
      const set = (await unlessGone(() => waf.send(new GetRegexPatternSetCommand(named(id)))))?.RegexPatternSet;
      return set && { Scope: named(id).Scope, RegularExpressionList: (set.RegularExpressionList ?? []).map(({ RegexString = '' }): Json => RegexString) };
    },
  },
  'AWS::WAFv2::RuleGroup': {
    async held({ waf }, id) {
      const group = (await unlessGone(() => waf.send(new GetRuleGroupCommand(named(id)))))?.RuleGroup;
      return group && { ...(fromWafWords(plainJson(group)) as JsonMap), Scope: named(id).Scope };
    },
  },
};
