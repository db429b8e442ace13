import { type ControlAnswers, derived, no } from '../answer';

const ELSEWHERE = no('limits of an account stand in the provider\'s own console, which no deployment holds');

export const RTL = {
  'RTL-4': { typed: derived('`RatePlan` has no variant without a number of streams, from 1 to 100, and `Profile.cortex` always writes the variable') },
  'RTL-7': { typed: ELSEWHERE, attacked: ELSEWHERE },
} as const satisfies ControlAnswers;
