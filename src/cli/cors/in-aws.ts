import { colorsOf } from '../colors';
import { cors, type CorsOptions } from '../cors';
import { RealDeployedAws } from '../deployed/real-aws';
import { type AwsOptions, clientOptions, explained } from '../in-aws';

/** The command with the world as it is. */
export function corsInAws(stack: string, location: string | undefined, options: CorsOptions & AwsOptions): Promise<boolean> {
  return explained(() => cors(stack, location, options, { aws: new RealDeployedAws(clientOptions(options)), paint: colorsOf(process.stdout), print: (line) => process.stdout.write(`${line}\n`) }));
}
