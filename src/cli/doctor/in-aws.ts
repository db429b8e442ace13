import { colorsOf } from '../colors';
import { type AwsOptions, clientOptions, explained } from '../in-aws';
import { doctor, type DoctorOptions } from './doctor';
import { RealDoctorAws } from './real-aws';

/** The command with the world as it is. */
export function doctorInAws(stack: string, options: DoctorOptions & AwsOptions): Promise<boolean> {
  return explained(() => doctor(stack, options, {
    aws: new RealDoctorAws(clientOptions(options)), now: () => new Date(), paint: colorsOf(process.stdout), print: (text) => process.stdout.write(text),
  }));
}
