import { type Command, Option } from 'commander';
import type { DoctorOptions } from './doctor/doctor';
import { PROFILE_NAMES } from '../profiles/variables/variable';
import type { AwsOptions } from './in-aws';

/** Adds the command that examines what is deployed. @param done is told whether nothing is wrong */
export function addDoctor(program: Command, done: (isDone: boolean) => void): void {
  program.command('doctor')
    .description('examine what is deployed by the checklist of its document, and everything around it')
    .argument('<stack>', 'the name of the CloudFormation stack')
    .addOption(new Option('--profile <name>', 'whose variables its containers have (default: what the deployed template says)').choices(PROFILE_NAMES))
    .option('--strict', 'take what could not be asked for wrong')
    .option('--region <region>', 'where the stack is')
    .option('--endpoint-url <url>', 'another AWS endpoint, such as that of an emulator')
    .addOption(new Option('--format <format>', 'how to print what was found').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExit code: 0 nothing is wrong, 1 something is, 2 bad usage, no such stack, or AWS cannot be asked.')
    .action(async (stack: string, options: DoctorOptions & AwsOptions) => {
      const { doctorInAws } = await import('./doctor/in-aws.js');
      done(await doctorInAws(stack, options));
    });
}
