import type { ControlAnswers } from '../answer';
import { BROKER } from './reasons';

const ALL = { typed: BROKER, checked: BROKER, attacked: BROKER } as const;

export const WCC = {
  'WCC-1': ALL,
  'WCC-2': ALL,
  'WCC-3': ALL,
  'WCC-4': ALL,
  'WCC-5': ALL,
  'WCC-6': ALL,
  'WCC-7': ALL,
  'WCC-8': ALL,
  'WCC-9': ALL,
  'WCC-10': { checked: BROKER, attacked: BROKER },
} as const satisfies ControlAnswers;
