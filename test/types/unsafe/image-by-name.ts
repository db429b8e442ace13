// expect: Type 'string' is not assignable to type 'CoreImage'
// control: CTR-1
import type { CoreContainerProps } from '../../../src';

export const unsafe: CoreContainerProps = { image: 'acme/core:latest', port: 8000, healthCheckPath: '/health' };
