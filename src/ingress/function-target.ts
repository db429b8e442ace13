import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/**
 * A target group with one function in it, which the load balancer calls by the API of AWS Lambda: no port, no protocol and no security group (ELB guide, "Use Lambda
 * functions as targets").
 *
 * All values of a header reach the function, so that it can refuse one that came twice. Health checks stay off: each would be a paid call.
 */
export function functionTargetGroup(parent: Construct, handler: lambda.IFunction): elbv2.ApplicationTargetGroup {
  const permission = new lambda.CfnPermission(parent, 'InvokeFunction', {
    action: 'lambda:InvokeFunction',
    functionName: handler.functionArn,
    principal: 'elasticloadbalancing.amazonaws.com',
    sourceAccount: Stack.of(parent).account,
    // The one target group would need to be there first, and a function can be put into it only once the permission is.
    sourceArn: Stack.of(parent).formatArn({ service: 'elasticloadbalancing', resource: 'targetgroup', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME }),
  });
  const target: elbv2.IApplicationLoadBalancerTarget = {
    // The CDK's own would let load balancers of any account call the function.
    attachToApplicationTargetGroup: (group) => {
      group.node.addDependency(permission);
      return { targetType: elbv2.TargetType.LAMBDA, targetJson: { id: handler.functionArn } };
    },
  };
  return new elbv2.ApplicationTargetGroup(parent, 'Function', { targetType: elbv2.TargetType.LAMBDA, targets: [target], multiValueHeadersEnabled: true });
}
