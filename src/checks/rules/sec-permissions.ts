import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { Reference } from '../template/value';
import { allowedIn, documentsAt, IDENTITY_DOCUMENTS, listOf, mayCall, SECRET_READS } from './policies';

/** AWS's own policies that let somebody read every secret. */
const OVER_ALL = /policy\/(AdministratorAccess|PowerUserAccess|SecretsManagerReadWrite)$/;

/** Partition, region and account are the deployment's own. */
const withoutOwn = (text: string): string => text.replace(/\$\{AWS::\w+\}/g, '');

/** Secrets Manager ends every ARN in six characters of its own, which who writes a policy before the secret is there cannot know. */
const OWN_SUFFIX = /-\?{6}$/;

/** A wildcard where the name would be, or before it. */
const EVERY_SECRET = /^\*$|^arn:.*:(secret:)?\*$/;

/** A statement names a secret where its text has no wildcard but the service's own six characters. */
function namesOne(place: Property): readonly Outcome[] {
  if (place.value instanceof Reference) return PASS;
  const text = withoutOwn(place.partialText().text);
  const name = text.replace(OWN_SUFFIX, '');
  if (/[*?]/.test(name)) return fail(place, `lets whoever has it read ${EVERY_SECRET.test(name) ? 'every secret' : 'more secrets than one'}: only -?????? may follow a name`);
  // A mere hole may turn out to be a wildcard.
  if (/^\$\{[^}]*\}$/.test(text)) place.text();
  return PASS;
}

/** Resources that a pattern names may be no secrets at all; reading them is then not allowed by the statement. */
const isOfOthers = (place: Property): boolean => /^arn:[^:]*:(?!secretsmanager:|\*)[\w-]+:/.test(withoutOwn(place.partialText().text).replace('arn::', 'arn:aws:'));

function readsExactly(statement: Property): readonly Outcome[] {
  if (!mayCall(statement, SECRET_READS)) return NOT_APPLICABLE;
  const others = statement.get('NotResource');
  if (others.exists) return fail(others, 'lets whoever has it read every secret but these');
  return each(listOf(statement.get('Resource')).filter((place) => !isOfOthers(place)), namesOne);
}

const exactSecrets = defineRule('SEC-2', 'exact-secrets', {
  appliesTo: Object.keys(IDENTITY_DOCUMENTS),
  remediation: 'Name the secret\'s ARN in Resource: a Ref, or arn:…:secret:<whole name>-??????.',
  check(owner) {
    const outcomes = all(
      () => each(owner.type.startsWith('AWS::IAM::') ? owner.prop('ManagedPolicyArns').items() : [], (arn) => {
        const { text } = arn.partialText();
        return OVER_ALL.test(text) ? fail(arn, `is ${text.replace(/^.*\//, '')}, which lets whoever has it read every secret`) : NOT_APPLICABLE;
      }),
      () => each(documentsAt(owner, IDENTITY_DOCUMENTS[owner.type] ?? ''), (document) => each(allowedIn(document), readsExactly)),
    );
    return outcomes.length === 0 ? PASS : outcomes;
  },
});

/**
 * Actions that are about no resource in particular, or list what there is: their statements have to say `*` (service authorization reference).
 * What EC2 does for a function in a network is asked by the Lambda service (Lambda guide, "Giving Lambda functions access to resources in a VPC").
 */
const ABOUT_NONE = new RegExp(`^(${[
  '[\\w-]+:(List|Describe)\\w*', 'ecr:GetAuthorizationToken', 'ecr-public:GetAuthorizationToken', 'codeartifact:GetAuthorizationToken', 'sts:(GetCallerIdentity|GetServiceBearerToken)',
  'ec2:(CreateNetworkInterface|DeleteNetworkInterface|(Una|A)ssignPrivateIpAddresses|GetSecurityGroupsForVpc)', 'cloudwatch:PutMetricData', 'xray:\\w+',
  'ssmmessages:\\w+', 'secretsmanager:GetRandomPassword', 'kms:GenerateRandom',
  'elasticloadbalancing:(Set|Remove)WebACL',
  'logs:(CreateLogDelivery|GetLogDelivery|UpdateLogDelivery|DeleteLogDelivery|PutResourcePolicy)', 'ssm:GetConnectionStatus', 'aws-marketplace:\\w+', 'pricing:\\w+',
].join('|')})$`, 'i');

/** A service's every action, or everybody's. */
const EVERY_ACTION = /^(\*|[\w-]+:\*)$/;

/** What takes no value away of its own: which part of a warning it is, and whose else. */
function isNarrow(statement: Property): readonly Outcome[] {
  const [action, resource] = [statement.get('Action'), statement.get('Resource')];
  const broad = listOf(action).find((name) => EVERY_ACTION.test(name.partialText().text));
  if (broad) return fail(broad, `lets whoever has it do everything${broad.partialText().text === '*' ? '' : ` that ${broad.partialText().text} covers`}`, 'warning');
  if (statement.get('NotAction').exists) return fail(statement.get('NotAction'), 'lets whoever has it do everything but these', 'warning');
  if (statement.get('NotResource').exists) return fail(statement.get('NotResource'), 'lets whoever has it do so to everything but these', 'warning');
  const named = listOf(action).map((name) => name.text() ?? '').filter((name) => !ABOUT_NONE.test(name));
  const everything = listOf(resource).find((name) => name.partialText().text === '*');
  return everything && named.length > 0 ? fail(everything, `lets whoever has it call ${named[0] ?? ''} on everything`, 'warning') : PASS;
}

const narrowPolicies = defineRule('SEC-2', 'narrow-policies', {
  appliesTo: Object.keys(IDENTITY_DOCUMENTS),
  remediation: 'Name the actions and the resources that the program needs.',
  check: (owner) => each(documentsAt(owner, IDENTITY_DOCUMENTS[owner.type] ?? ''), (document) => each(allowedIn(document), isNarrow)),
});

/** Somebody else's secret, topic or rule could call the function: the confused deputy (IAM guide, "The confused deputy problem"). */
const SOURCES = ['SourceArn', 'SourceAccount', 'PrincipalOrgID', 'EventSourceToken'];

/** Whether a permission says on whose behalf a service may call. */
export const isBoundToSource = (permission: Resource): boolean => SOURCES.some((key) => permission.prop(key).exists && permission.prop(key).partialText().text !== '*');

const invocation = defineRule('SEC-2', 'invocation', {
  appliesTo: ['AWS::Lambda::Permission'],
  remediation: 'Set SourceArn to the secret, rule or topic that calls, and SourceAccount to the account.',
  check(permission) {
    const principal = permission.prop('Principal');
    const who = principal.text() ?? '';
    // Of a URL of the function another property says who may call.
    if (permission.prop('FunctionUrlAuthType').exists || !(who === '*' || who.endsWith('.amazonaws.com') || who.endsWith('.amazonaws.com.cn'))) return NOT_APPLICABLE;
    return expect(isBoundToSource(permission), permission.prop('SourceArn'),
      `is not set, and neither is SourceAccount: ${who === '*' ? 'everybody' : `${who}, asked by any account of AWS,`} may call the function`);
  },
});

export const SEC_PERMISSION_RULES = [exactSecrets, narrowPolicies, invocation];
