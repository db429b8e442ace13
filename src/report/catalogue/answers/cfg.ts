import { type ControlAnswers, derived, no } from '../answer';
import { OWN_CODE, PLACE_TAKING_DOCUMENTS } from './reasons';

export const CFG = {
  'CFG-1': { typed: derived('`Profile.nodetool` writes ENV itself, and `ProfiledCore` refuses one that is written by hand'), attacked: OWN_CODE },
  'CFG-2': { attacked: OWN_CODE },
  'CFG-3': { attacked: OWN_CODE },
  'CFG-5': {
    typed: no('a command is no matter of types'),
    attacked: no('a command that looks at a deployment meets no caller'),
  },
  'CFG-6': { typed: derived('`Profile` writes its variables from things that agree, and `ProfiledCore` refuses what its props make of them otherwise') },
  'CFG-7': { typed: derived('`Profile` always writes them, and no prop leaves one out') },
  'CFG-8': { typed: PLACE_TAKING_DOCUMENTS, attacked: PLACE_TAKING_DOCUMENTS },
} as const satisfies ControlAnswers;
