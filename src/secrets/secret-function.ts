import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import type { IPrivateNetwork } from '../network/private-network';
import { bundled } from '../runtime-function';
import { tooLong } from './variables-size';

/** A function that works on secrets. */
export interface SecretFunctionProps {
  readonly description: string;
  /** The folder below assets/runtime. */
  readonly asset: string;
  readonly timeout: Duration;
  readonly environment?: Record<string, string>;
  /** What to do where the variables are more than AWS Lambda takes. @default - nothing that grows is in them */
  readonly shorten?: string;
  /** Of its log. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
  /** Where its lines go, which then are nothing but its own: Lambda's reports of each call are left out. @default - a log of its own */
  readonly log?: logs.ILogGroup;
  /** How many calls run at once, which the account's other functions have to do without. @default - as many as the account has */
  readonly concurrency?: number;
  /** Where it stands: in the core tier, letting nothing out until it is told to. @default - in no VPC */
  readonly network?: IPrivateNetwork;
}

/** Of a function's description (Lambda API, CreateFunction); a role and a security group take as many or more. Paths in an app may be longer. */
const MOST_CHARACTERS = 255;

/** Lambda guide, "Log formats": what the program writes by itself stays as it is. */
const LINES_ALONE = { loggingFormat: lambda.LoggingFormat.JSON, systemLogLevelV2: lambda.SystemLogLevel.WARN, applicationLogLevelV2: lambda.ApplicationLogLevel.INFO };

/** A function with a log and a role of its own, which may do nothing but write that log. */
export class SecretFunction extends Construct {
  public readonly handler: lambda.Function;
  public readonly role: iam.IRole;

  public constructor(scope: Construct, id: string, props: SecretFunctionProps) {
    super(scope, id);
    const { network } = props;
    const description = props.description.slice(0, MOST_CHARACTERS);
    const log = props.log ?? new logs.LogGroup(this, 'Log', { retention: logs.RetentionDays.ONE_YEAR, removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN });
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'), description });
    log.grantWrite(role);
    this.role = role;
    if (network) this.letLambdaConnect();
    this.handler = new lambda.Function(this, 'Function', {
      description,
      ...bundled(props.asset),
      timeout: props.timeout,
      environment: props.environment,
      role: role.withoutPolicyUpdates(),
      logGroup: log,
      reservedConcurrentExecutions: props.concurrency,
      ...props.log && LINES_ALONE,
      ...network && {
        vpc: network.vpc,
        vpcSubnets: network.coreSubnets,
        securityGroups: [new ec2.SecurityGroup(this, 'SecurityGroup', { vpc: network.vpc, description, allowAllOutbound: false })],
      },
    });
    const { environment, shorten } = props;
    if (environment && shorten !== undefined) this.node.addValidation({ validate: () => tooLong(this, environment, shorten) });
    // Lambda looks at what the role may do when it makes the function.
    this.handler.node.addDependency(role);
  }

  /**
   * AWS Lambda puts the function's addresses into the VPC in the name of its role, and the code never does: calls of the code carry
   * `lambda:SourceFunctionArn`, by which they are told apart (Lambda guide, "Giving Lambda functions access to resources in an Amazon VPC").
   * The guide denies them by that key; that an Allow which asks for its absence does the same follows from it, and was not tried in AWS.
   */
  private letLambdaConnect(): void {
    this.role.addToPrincipalPolicy(new iam.PolicyStatement({
      sid: 'AddressesByLambda',
      actions: [
        'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
      conditions: { Null: { 'lambda:SourceFunctionArn': 'true' } },
    }));
    answerAwsSolutions(this.role, 'IAM5[Resource::*]', 'AWS Lambda makes network interfaces whose ids nobody knows before; the function\'s own code is refused by the condition.');
  }
}
