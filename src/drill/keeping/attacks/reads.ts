import { ListRulesCommand, ListTargetsByRuleCommand, type Rule, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { secretArn } from '../reading';
import { READS_NOT_DELIVERED, READS_UNWATCHED } from '../saboteurs';
import type { KeepingScene } from '../scene';
import { SECRET } from '../types';

/** The only state in which a rule is given read-only management events (EventBridge API, `State` of PutRule). */
const GIVEN_READS = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
const STRANGER = 'drill-stranger';

/** As CloudTrail tells of a read (Secrets Manager guide, "AWS CloudTrail entries for Secrets Manager"). */
function readEvent(account: string, region: string, secretId: string, isDenied: boolean): object {
  const principal = `arn:aws:sts::${account}:assumed-role/${STRANGER}/somebody`;
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
        sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${account}:role/${STRANGER}`, accountId: account, userName: STRANGER } },
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
      ...(isDenied && { errorCode: 'AccessDenied', errorMessage: 'not authorized' }),
    },
  };
}

export const READ_ATTACKS = [
  defineKeepingAttack('SEC-8', 'stranger', {
    tries: 'A role that has nothing to do with the secret reads it, by its ARN, by its ARN without the random end and by its name, and is refused or not',
    expects: 'A rule with a target is given every one of these events.',
    evidence: 'template-intent',
    needs: 'secret',
    targets: (model) => resourcesIn(model, [SECRET]),
    run: async (target, scene) => {
      const arn = secretArn(scene, scene.now(target));
      const [, , , region = '', account = ''] = arn.split(':');
      const rules = await watching(scene);
      scene.note(`${rules.length} rules with a target are given reads.`);
      const short = arn.replace(/-[A-Za-z0-9]{6}$/, '');
      for (const secretId of [arn, short, short.split(':secret:').at(-1) ?? '']) {
        for (const isDenied of [false, true]) {
          const event = JSON.stringify(readEvent(account, region, secretId, isDenied));
          if (!await matchesAny(scene, rules, event)) {
            return { verdict: 'succeeded', saw: `Nobody hears of ${isDenied ? 'a refused read' : 'a read'} ${secretId === arn ? 'by ARN' : secretId === short ? 'by a part of the ARN' : 'by name'}.` };
          }
        }
      }
      return { verdict: 'withstood', saw: 'A rule with a target is given all six.' };
    },
    saboteurs: [READS_UNWATCHED, READS_NOT_DELIVERED],
  }),
] as const;

async function watching(scene: KeepingScene): Promise<Rule[]> {
  const { Rules: rules = [] } = await scene.aws.events.send(new ListRulesCommand({}));
  const given = rules.filter(({ State, EventPattern }) => String(State) === GIVEN_READS && EventPattern !== undefined && EventPattern !== '');
  const withTargets = await Promise.all(given.map(async (rule) => {
    const { Targets = [] } = await scene.aws.events.send(new ListTargetsByRuleCommand({ Rule: rule.Name }));
    return Targets.length > 0 ? [rule] : [];
  }));
  return withTargets.flat();
}

async function matchesAny(scene: KeepingScene, rules: readonly Rule[], Event: string): Promise<Rule | undefined> {
  for (const rule of rules) {
    const { Result } = await scene.aws.events.send(new TestEventPatternCommand({ Event, EventPattern: rule.EventPattern }));
    if (Result) return rule;
  }
  return undefined;
}
