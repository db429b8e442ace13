import { GetRoleCommand, GetRolePolicyCommand, type IAMClient, ListAttachedRolePoliciesCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import type { Json, JsonMap } from '../../../checks/template/template';
import { type Readers, unlessGone } from '../reader';
import { asToldList, scalar } from '../told';

/** The API answers with policies as percent-encoded JSON. */
function policy(document: string | undefined): Json {
  return document === undefined ? null : JSON.parse(decodeURIComponent(document)) as Json;
}

async function inlinePolicy(iam: IAMClient, RoleName: string, PolicyName: string): Promise<Json> {
  return policy((await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))).PolicyDocument);
}

export const IDENTITY_READERS: Readers = {
  'AWS::IAM::Role': {
    // Policies that are written beside a role are the role's as well.
    told: (told, role, { graph, told: toldOf, physicalId }) => ({
      ...told,
      Policies: [
        ...asToldList(told.Policies),
        ...graph.pointingAt(role, 'AWS::IAM::Policy', 'Roles').map((beside) => ({ PolicyName: toldOf(beside).PolicyName ?? physicalId(beside), PolicyDocument: toldOf(beside).PolicyDocument })),
      ],
    }),
    async held({ iam }, RoleName) {
      const role = (await unlessGone(() => iam.send(new GetRoleCommand({ RoleName }))))?.Role;
      if (!role) return undefined;
      const [inline, attached] = await Promise.all([iam.send(new ListRolePoliciesCommand({ RoleName })), iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))]);
      const Policies = await Promise.all((inline.PolicyNames ?? []).map(async (PolicyName): Promise<JsonMap> => ({ PolicyName, PolicyDocument: await inlinePolicy(iam, RoleName, PolicyName) })));
      return {
        AssumeRolePolicyDocument: policy(role.AssumeRolePolicyDocument),
        ManagedPolicyArns: (attached.AttachedPolicies ?? []).map(({ PolicyArn = '' }) => PolicyArn),
        Policies,
      };
    },
  },
  'AWS::IAM::Policy': {
    async held({ iam }, physicalId, told) {
      const PolicyName = scalar(told.PolicyName) ?? physicalId;
      const roles = asToldList(told.Roles).map((role) => scalar(role) ?? '');
      const documents = await Promise.all(roles.map(async (role) => ({ role, document: await unlessGone(() => inlinePolicy(iam, role, PolicyName)) })));
      const having = documents.filter(({ document }) => document !== undefined);
      return { Roles: having.map(({ role }) => role), PolicyDocument: having[0]?.document ?? null };
    },
  },
};
