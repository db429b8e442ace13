import { type ControlAnswers, derived, no } from '../answer';

const ON_ALL = derived('`SecureIngress` and `Gate` set it on what they answer, and no prop takes it away');

export const HDR = {
  'HDR-3': { typed: ON_ALL },
  'HDR-4': { typed: ON_ALL },
  'HDR-5': { typed: derived('`SecureIngress` and `Gate` set it on what they answer, and no prop takes it away or shortens it') },
  'HDR-6': { typed: no('which host is a developer\'s a text says, and no type: synthesis refuses it in `HttpsOrigin.of`') },
  'HDR-7': { typed: derived('`Gate` writes forwarding headers itself, and no prop lets those of callers pass') },
} as const satisfies ControlAnswers;
