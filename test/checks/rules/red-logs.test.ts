import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnLogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { maskedRecords } from '../../../src/audit/data-protection';
import { AuditTrail } from '../../../src';
import { resourceOf } from '../../support/alb';
import { task } from '../../support/containers';
import { configured, GATE, gateTask, rawGateTask, withHole, withIdentity } from '../../support/gated';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const logging = (group: string): { logConfiguration: { logDriver: string; options: Record<string, string> } } => ({ logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': group } } });

/** A gate and its Core, both of which log to one group. */
const loggingTo = (stack: Stack, group: string, configuration = configured()): unknown => gateTask(stack, configuration, logging(group), logging(group));

const masked = (stack: Stack): LogGroup => new LogGroup(stack, 'Logs', { dataProtectionPolicy: maskedRecords() });

const policy = (Regex: string, deidentified = 'Key'): object => ({
  Name: 'masked',
  Version: '2021-06-01',
  Configuration: { CustomDataIdentifier: [{ Name: 'Key', Regex }] },
  Statement: [
    { Sid: 'audit', DataIdentifier: ['Key'], Operation: { Audit: { FindingsDestination: {} } } },
    { Sid: 'redact', DataIdentifier: [deidentified], Operation: { Deidentify: { MaskConfig: {} } } },
  ],
});

const withPolicy = (dataProtectionPolicy: object | undefined, configuration?: string) => (stack: Stack): unknown =>
  loggingTo(stack, new CfnLogGroup(stack, 'Logs', { dataProtectionPolicy }).ref, configuration);

const ACME = configured(withIdentity({ key: { header: 'x-api-key', prefix: 'acme_', inAuthorization: false } }));

describeRule('RED-1.masked-logs', {
  compliant: {
    'the policy of this library': (stack) => loggingTo(stack, masked(stack).logGroupName),
    'the audit trail': (stack) => loggingTo(stack, new AuditTrail(stack, 'Audit').hot.logGroupName),
    'a policy for keys of another prefix': withPolicy(policy('acme_[A-Za-z0-9]+'), ACME),
    'a gate without keys, of which somebody may send one': withPolicy(policy('ctx_\\w+'), configured(withIdentity({ key: undefined }))),
  },
  violating: {
    'no policy': { build: withPolicy(undefined), message: /Logs has no data protection policy/, severity: 'error' },
    'a policy for other keys': { build: withPolicy(policy('ctx_\\w+'), ACME), message: /Logs masks no key that begins with acme_/ },
    'a policy for keys that are too short': { build: withPolicy(policy('ctx_\\w{1,4}$')), message: /masks no key/ },
    'a policy that masks something else': { build: withPolicy(policy('ctx_\\w+', 'Other')), message: /masks no key/ },
    'a policy whose pattern is none': { build: withPolicy(policy('ctx_[')), message: /masks no key/ },
  },
  override: {
    build: (stack) => {
      const group = masked(stack);
      resourceOf(group).addPropertyOverride('DataProtectionPolicy.Configuration.CustomDataIdentifier', []);
      loggingTo(stack, group.logGroupName);
    },
    message: /masks no key that begins with ctx_/,
  },
  raw: {
    build: (stack) => rawGateTask(stack, GATE, {}, { LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': new CfnLogGroup(stack, 'Logs').ref } } }),
    message: /has no data protection policy/,
  },
  undecidable: {
    'a group that is in none of the templates': (stack) => loggingTo(stack, '/core/elsewhere'),
    'a policy known at deployment': (stack) => {
      const group = new CfnLogGroup(stack, 'Logs');
      group.addPropertyOverride('DataProtectionPolicy', deployTimeValue(stack));
      loggingTo(stack, group.ref);
    },
    'a prefix known at deployment': (stack) => loggingTo(stack, masked(stack).logGroupName, withHole('ctx_', deployTimeValue(stack))),
  },
  notApplicable: { 'a task without a gate': (stack) => task(stack, logging('/core')), 'another driver': (stack) => gateTask(stack, configured(), { logConfiguration: { logDriver: 'splunk' } }) },
});

interface Policy {
  readonly Configuration: { readonly CustomDataIdentifier: readonly { readonly Name: string; readonly Regex: string }[] };
}

describe('The credentials that the library masks', () => {
  const stack = new Stack(new App(), 'Stack');
  masked(stack);
  const [group] = Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup')) as { Properties: { DataProtectionPolicy: Policy } }[];
  const patterns = new Map(group?.Properties.DataProtectionPolicy.Configuration.CustomDataIdentifier.map(({ Name, Regex }) => [Name, Regex]));

  test.each([
    ['ApiKey', `ctx_${'a1B2'.repeat(11)}`, 'ctx_short'],
    ['BearerToken', 'Authorization: Bearer abcdefghijklmnopqrstuvwxyz', 'Bearer of news'],
    ['SignedToken', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl', 'eyJ.eyJ.x'],
    ['ProviderKey', `sk-${'a'.repeat(32)}`, 'sk-short'],
  ])('%s is known by its look', (name, looksLike, doesNot) => {
    expect(looksLike).toMatch(new RegExp(patterns.get(name) ?? '^$'));
    expect(doesNot).not.toMatch(new RegExp(patterns.get(name) ?? ''));
  });

  test.each([...patterns])('The pattern of %s is one that the service takes', (name, regex) => {
    expect(name).toMatch(/^[A-Za-z0-9_-]{1,128}$/);
    expect(regex).toMatch(/^[A-Za-z0-9_#=@/;,\- ^$?[\]{}|\\*+.]{1,200}$/);
  });
});
