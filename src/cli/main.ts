#!/usr/bin/env node
import { CommanderError } from 'commander';
import { buildProgram, EXIT } from './program';
import { UsageError } from './usage-error';

function explain(error: unknown): number {
  // Commander has printed its own sentence, and calls asking for help no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  const sentence = error instanceof UsageError ? error.message : `This is a defect of cdk-secure-core: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}`;
  process.stderr.write(`${sentence}\n`);
  return EXIT.usage;
}

buildProgram().parseAsync().catch((error: unknown) => {
  process.exitCode = explain(error);
});
