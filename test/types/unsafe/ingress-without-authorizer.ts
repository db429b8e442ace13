// expect: Property 'authorizer' is missing
// control: IDN-1
import type { Stack } from 'aws-cdk-lib';
import { type IngressProps, type IPrivateNetwork, SecureIngress } from '../../../src';

export function unsafe(stack: Stack, network: IPrivateNetwork, ingress: IngressProps): SecureIngress {
  return new SecureIngress(stack, 'Ingress', { ...ingress, network });
}
