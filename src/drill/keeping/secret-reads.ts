import { ListRulesCommand, ListTargetsByRuleCommand, type Rule, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import type { KeepingScene } from './scene';

/** The only state in which a rule is given read-only management events (EventBridge API, `State` of PutRule). */
const GIVEN_READS = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

export interface SecretRead {
  readonly account: string;
  readonly region: string;
  /** As the caller has written it. */
  readonly secretId: string;
  /** Name of the role. */
  readonly role: string;
  readonly isDenied: boolean;
}

/** As CloudTrail tells of a read (Secrets Manager guide, "AWS CloudTrail entries for Secrets Manager"). */
export function readEvent({ account, region, secretId, role, isDenied }: SecretRead): object {
  const principal = `arn:aws:sts::${account}:assumed-role/${role}/somebody`;
  return {
    'version': '0',
    'id': '00000000-0000-4000-8000-000000000000',
    'detail-type': 'AWS API Call via CloudTrail',
    'source': 'aws.secretsmanager',
    account,
    'time': '2030-01-02T03:04:05Z',
    region,
    'resources': [],
    'detail': {
      eventVersion: '1.11',
      userIdentity: {
        type: 'AssumedRole', principalId: 'AROADRILLSTRANGER:somebody', arn: principal, accountId: account,
        sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${account}:role/${role}`, accountId: account, userName: role } },
      },
      eventTime: '2030-01-02T03:04:05Z',
      eventSource: 'secretsmanager.amazonaws.com',
      eventName: 'GetSecretValue',
      awsRegion: region,
      sourceIPAddress: '203.0.113.7',
      userAgent: 'aws-cli/2',
      requestParameters: { secretId },
      responseElements: null,
      readOnly: true,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: 'Management',
      ...(isDenied && { errorCode: 'AccessDenied', errorMessage: `User: ${principal} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${secretId}` }),
    },
  };
}

/** Rules with a target that are given reads. */
export async function watching(scene: KeepingScene): Promise<Rule[]> {
  const { Rules: rules = [] } = await scene.aws.events.send(new ListRulesCommand({}));
  const given = rules.filter(({ State, EventPattern }) => String(State) === GIVEN_READS && EventPattern !== undefined && EventPattern !== '');
  const withTargets = await Promise.all(given.map(async (rule) => {
    const { Targets = [] } = await scene.aws.events.send(new ListTargetsByRuleCommand({ Rule: rule.Name }));
    return Targets.length > 0 ? [rule] : [];
  }));
  return withTargets.flat();
}

/** The first of some rules that is given an event, by the word of the emulator. */
export async function matchesAny(scene: KeepingScene, rules: readonly Rule[], Event: string): Promise<Rule | undefined> {
  for (const rule of rules) {
    const { Result } = await scene.aws.events.send(new TestEventPatternCommand({ Event, EventPattern: rule.EventPattern }));
    if (Result) return rule;
  }
  return undefined;
}
