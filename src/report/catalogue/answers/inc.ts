import { type ControlAnswers, derived, no } from '../answer';

export const INC = {
  'INC-1': { typed: derived('`WebAcl` always asks the `LockdownSwitch`, and `Profile.remoteCore` publishes localhost as the address while `exposure` is off: no prop takes either away') },
  'INC-3': { typed: derived('no `Gate` is without its `GateTable`, which every task of it reads') },
  'INC-4': { typed: no('an order of steps is no matter of types') },
  'INC-5': { typed: no('who rotates now, out of turn, does so by a command: `cdk-secure-core rotate`') },
} as const satisfies ControlAnswers;
