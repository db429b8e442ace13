// expect: Type 'string' is not assignable to type 'Secret'
// control: SEC-1
import type { CoreContainerProps, CoreImage } from '../../../src';

export function unsafe(image: CoreImage): CoreContainerProps {
  return { image, port: 8000, healthCheckPath: '/health', secrets: { OPENAI_API_KEY: 'sk-in-clear' } };
}
