import type * as ec2 from 'aws-cdk-lib/aws-ec2';

/** An endpoint that a VPC already has, and that is not made a second time: two of one service would claim the same names. */
export interface ExistingEndpoint {
  /** What it leads to. */
  readonly service: ec2.InterfaceVpcEndpointAwsService;

  /**
   * The interface endpoint, with the security groups that let workloads in. Its policy is not changed.
   *
   * @default - it is a gateway endpoint, of S3 or DynamoDB, on the route tables of the core subnets
   */
  readonly endpoint?: ec2.IInterfaceVpcEndpoint;

  /**
   * The addresses behind a gateway endpoint.
   *
   * @default - what the network's s3PrefixList or dynamoDbPrefixList says, otherwise looked up by the CDK command line, and kept in cdk.context.json
   */
  readonly prefixList?: ec2.IPrefixList;
}
