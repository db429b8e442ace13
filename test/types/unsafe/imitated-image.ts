// expect: Property 'render' is missing
// control: CTR-1
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { CoreImage } from '../../../src';

export const unsafe: CoreImage = { _bind: () => ContainerImage.fromRegistry('nginx:latest') };
