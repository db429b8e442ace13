import { ArnFormat, Aws, Fn, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { invalidProp } from '../../invalid-prop';
import { letLogsUse } from '../../log-encryption';
import { CREDENTIAL_HEADERS } from './credential-headers';

/** What WAF asks of the name of a log group (WAFV2 API, PutLoggingConfiguration; F-18). */
const PREFIX = 'aws-waf-logs-';

interface WafLogProps {
  readonly webAclArn: string;
  readonly logGroup?: logs.ILogGroup;
  readonly retention?: logs.RetentionDays;
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy?: RemovalPolicy;
  /** Besides those that always hold credentials. */
  readonly redactedHeaders: readonly string[];
}

/**
 * What the web ACL decided about each request, without the credentials.
 *
 * WAF writes the resource policy that lets it deliver by itself, with the rights of whoever deploys (AWS WAF guide, "Amazon CloudWatch Logs").
 */
export class WafLog extends Construct {
  public readonly logGroup: logs.ILogGroup;

  public constructor(scope: Construct, id: string, props: WafLogProps) {
    super(scope, id);
    this.logGroup = props.logGroup ? checked(this, props.logGroup) : this.ownGroup(props.retention, props.encryptionKey, props.removalPolicy);
    const headers = [...new Set([...CREDENTIAL_HEADERS, ...props.redactedHeaders])];
    new wafv2.CfnLoggingConfiguration(this, 'Resource', {
      resourceArn: props.webAclArn,
      // Without the `:*` that a log group's own ARN attribute ends with, and that WAF does not take.
      logDestinationConfigs: [Stack.of(this).formatArn({ service: 'logs', resource: 'log-group', resourceName: this.logGroup.logGroupName, arnFormat: ArnFormat.COLON_RESOURCE_NAME })],
      redactedFields: [...headers.map((Name) => ({ singleHeader: { Name } })), { queryString: {} }],
    });
  }

  private ownGroup(retention?: logs.RetentionDays, encryptionKey?: kms.IKey, removalPolicy?: RemovalPolicy): logs.LogGroup {
    // Part of the stack's id, so that a log that outlived its stack does not stand in the way of the next one.
    const incarnation = Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
    const name = `${PREFIX}${Names.uniqueResourceName(this, { maxLength: 200, separator: '-' })}-${incarnation}`;
    if (encryptionKey) letLogsUse(this, encryptionKey);
    return new logs.LogGroup(this, 'Group', {
      logGroupName: name,
      retention: retention ?? logs.RetentionDays.THREE_MONTHS,
      encryptionKey,
      removalPolicy: removalPolicy ?? RemovalPolicy.RETAIN,
    });
  }
}

function checked(scope: Construct, group: logs.ILogGroup): logs.ILogGroup {
  const made = group.node.defaultChild;
  // Of a group of the app, the name stands in its resource; without one, CloudFormation makes up a name that WAF does not take.
  const name: unknown = logs.CfnLogGroup.isCfnLogGroup(made) ? made.stack.resolve(made.logGroupName) ?? '' : group.logGroupName;
  if (typeof name === 'string' && !Token.isUnresolved(name) && !name.startsWith(PREFIX)) {
    throw invalidProp(scope, 'logGroup', name, `WAF writes only to log groups whose name starts with ${PREFIX}.`);
  }
  return group;
}
