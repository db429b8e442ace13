import { type ControlAnswers, derived, no } from '../answer';

const APP = no('what a program does with its variables is its own code, for which a sample stands in here');
const DOCUMENTS = no('documents of ours, in the place of some that were not supplied, are for people to read');

export const CFG = {
  'CFG-1': { typed: derived('`Profile.nodetool` writes ENV itself, and `ProfiledCore` refuses one that is written by hand'), attacked: APP },
  'CFG-2': { attacked: APP },
  'CFG-3': { attacked: APP },
  'CFG-5': {
    typed: no('a command is no matter of types'),
    attacked: no('a command that looks at a deployment meets no caller'),
  },
  'CFG-6': { typed: derived('`Profile` writes its variables from things that agree, and `ProfiledCore` refuses what its props make of them otherwise') },
  'CFG-7': { typed: derived('`Profile` always writes them, and no prop leaves one out'), attacked: APP },
  'CFG-8': { typed: DOCUMENTS, attacked: DOCUMENTS },
} as const satisfies ControlAnswers;
