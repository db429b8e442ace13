import { RemovalPolicy } from 'aws-cdk-lib';

/** What is kept when its stack goes should still go with a stack that never came up: the next attempt would meet its name. */
export function keptOnceMade(removalPolicy: RemovalPolicy): RemovalPolicy {
  return removalPolicy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : removalPolicy;
}
