import { setTimeout as sleep } from 'node:timers/promises';
import { audit, type AuditOptions } from '../audit';
import { colorsOf } from '../colors';
import { type AwsOptions, clientOptions, explained } from '../in-aws';
import type { QuestionName } from './queries';
import { RealAuditAws } from './real-aws';

/** The command with the world as it is. */
export function auditInAws(stack: string, question: QuestionName, options: AuditOptions & AwsOptions): Promise<boolean> {
  return explained(() => audit(stack, question, options, {
    aws: new RealAuditAws(clientOptions(options)), now: () => new Date(), sleep: (ms) => sleep(ms), paint: colorsOf(process.stdout),
    print: (line) => process.stdout.write(`${line}\n`), say: (line) => process.stderr.write(`${line}\n`),
  }));
}
