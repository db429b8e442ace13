// expect: Property 'alarmTopic' is missing
// control: MON-6
import type { Stack } from 'aws-cdk-lib';
import { type Authorizer, type CoreContainerProps, type Ingress, SecureCore } from '../../../src';

export function unsafe(stack: Stack, container: CoreContainerProps, ingress: Ingress, authorizer: Authorizer): SecureCore {
  return new SecureCore(stack, 'Core', { container, ingress, authorizer });
}
