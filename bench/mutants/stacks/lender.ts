import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import {
  BROKER_TABLE_TAG, BROKER_VARIABLE, type BrokerConfiguration, DEVICE_CREDENTIAL_TAG, PHASE_METADATA, type PhaseConfiguration,
} from '../../../src/broker/contract';
import { ROTATION_BY_ISSUER_METADATA } from '../../../src/secrets/contract';
import { renew, rotate, watchReads } from './parts';
import { shippedLogs } from './shipping';

/** A fault finds the role by it, which nothing else of a template tells from others. */
export const BROKER_ROLE = 'What lends credentials of devices';

const CREDENTIAL = 'production/credentials/core-routers/ssh';
const PARAMETER = '/production/access-switches';

/** Where the function runs. */
export interface Place {
  readonly subnetIds: string[];
  readonly group: ec2.CfnSecurityGroup;
}

/** What lends credentials of devices out to workers, and what it works with. */
export class Lender {
  /** What all workers sign with, or what the keys of each are made from. */
  public readonly ring: CfnSecret;
  public readonly jobs: CfnTable;
  /** What it writes to, as do those that it works with. */
  public readonly logs: CfnLogGroup;
  public readonly fn: CfnFunction;
  private readonly credential: CfnSecret;
  private readonly state: CfnTable;

  /** @param phase by the name of the ring, which the configuration has behind `secretArns` */
  public constructor(private readonly scope: Stack, ringName: string, phase: PhaseConfiguration, place: Place) {
    this.ring = new CfnSecret(scope, 'Ring', { name: ringName, kmsKeyId: 'alias/core', generateSecretString: { passwordLength: 64, excludePunctuation: true } });
    if (phase.kind === 'per-worker-keys') rotate(scope, this.ring);
    else renew(scope, this.ring);
    this.credential = new CfnSecret(scope, 'Routers', { name: CREDENTIAL, kmsKeyId: 'alias/core', tags: [{ key: DEVICE_CREDENTIAL_TAG, value: 'SSH' }] });
    this.credential.addMetadata(ROTATION_BY_ISSUER_METADATA, 90);
    watchReads(scope);
    this.jobs = table(scope, 'Jobs', 'jobs');
    this.state = table(scope, 'State', 'state', 'sk');
    this.logs = shippedLogs(scope);
    this.fn = this.lend(phase, place);
  }

  private lend(phase: PhaseConfiguration, { subnetIds, group }: Place): CfnFunction {
    const { scope } = this;
    const configuration: BrokerConfiguration = {
      version: 1,
      host: 'broker.acme.internal',
      region: scope.region,
      phase,
      windowSeconds: 60,
      requestsPerMinute: 120,
      leases: { ttlSeconds: 300, longestSeconds: 3600, onExit: 'revoke' },
      binding: 'assigned',
      tables: { jobs: this.jobs.ref, state: this.state.ref },
      secretArns: scope.formatArn({ service: 'secretsmanager', resource: 'secret:' }).replace(/\/$/, ''),
      credentials: [CREDENTIAL, { id: 'access-switches', kind: 'snmp', parameter: PARAMETER }],
      metrics: { namespace: 'Workers/Broker' },
    };
    const fn = new CfnFunction(scope, 'Broker', {
      runtime: 'nodejs22.x', handler: 'index.handler', role: this.role().roleArn, code: { s3Bucket: 'acme-code', s3Key: 'broker.zip' }, timeout: 10, memorySize: 256,
      reservedConcurrentExecutions: 50,
      vpcConfig: { subnetIds, securityGroupIds: [group.attrGroupId] },
      loggingConfig: { logGroup: this.logs.ref, logFormat: 'JSON', applicationLogLevel: 'INFO', systemLogLevel: 'WARN' },
      environment: { variables: { [BROKER_VARIABLE]: scope.toJsonString(configuration) } },
    });
    fn.addMetadata(PHASE_METADATA, { phase: phase.kind, environment: 'production' });
    return fn;
  }

  /** It reads what it lends out and what it is told of, and writes what it alone knows. */
  private role(): iam.Role {
    const role = new iam.Role(this.scope, 'BrokerRole', { description: BROKER_ROLE, assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const allow = (actions: string[], ...resources: string[]): void => void role.addToPolicy(new iam.PolicyStatement({ actions, resources }));
    allow(['dynamodb:BatchGetItem'], this.jobs.attrArn);
    allow(['dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'], this.state.attrArn);
    allow(['secretsmanager:GetSecretValue'], this.ring.ref, this.credential.ref);
    allow(['ssm:GetParameter'], this.scope.formatArn({ service: 'ssm', resource: 'parameter', resourceName: PARAMETER.slice(1) }));
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], this.logs.attrArn);
    allow(['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'], '*');
    return role;
  }
}

/** Items leave by themselves, and none is lost by accident. */
function table(scope: Construct, id: string, which: string, sortKey?: string): CfnTable {
  const keys = [{ name: 'pk', keyType: 'HASH' }, ...(sortKey === undefined ? [] : [{ name: sortKey, keyType: 'RANGE' }])];
  const made = new CfnTable(scope, id, {
    attributeDefinitions: keys.map(({ name }) => ({ attributeName: name, attributeType: 'S' })),
    keySchema: keys.map(({ name, keyType }) => ({ attributeName: name, keyType })),
    billingMode: 'PAY_PER_REQUEST',
    timeToLiveSpecification: { attributeName: 'expiresAt', enabled: true },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    sseSpecification: { sseEnabled: true },
    deletionProtectionEnabled: true,
    tags: [{ key: BROKER_TABLE_TAG, value: which }],
  });
  made.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return made;
}
