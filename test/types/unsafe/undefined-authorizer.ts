// expect: Type 'undefined' is not assignable to type 'Authorizer'
// control: IDN-1
import type { Stack } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type CoreContainerProps, type Ingress, SecureCore } from '../../../src';

export function unsafe(stack: Stack, container: CoreContainerProps, ingress: Ingress, alarmTopic: ITopic): SecureCore {
  return new SecureCore(stack, 'Core', { container, ingress, alarmTopic, authorizer: undefined });
}
