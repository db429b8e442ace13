import * as path from 'path';
import * as lambda from 'aws-cdk-lib/aws-lambda';

/**
 * What the functions of this library have in common, whatever they do: all come out of one bundler.
 *
 * @param asset the folder below assets/runtime
 */
export function bundled(asset: string): Pick<lambda.FunctionProps, 'runtime' | 'architecture' | 'handler' | 'code' | 'memorySize'> {
  return {
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(path.join(__dirname, '../assets/runtime', asset)),
    memorySize: 256,
  };
}
