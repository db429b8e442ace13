// expect: Expected 2 arguments, but got 1
// control: CTR-1
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { CoreImage } from '../../../src';

export function unsafe(repository: IRepository): CoreImage {
  return CoreImage.fromEcr(repository);
}
