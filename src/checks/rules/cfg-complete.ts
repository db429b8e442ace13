import { PROFILE_METADATA } from '../../profiles/contract';
import { variablesOf } from '../../profiles/variables';
import type { Fault } from '../../profiles/variables/judge';
import { defineRule, NOT_APPLICABLE, type Outcome } from '../rule';
import { TASK_DEFINITION } from './containers';
import { namingOf, ofProfile, outcomesOf, type ProfiledProgram } from './profiles';

const profile = defineRule('CFG-4', 'profile', {
  appliesTo: [TASK_DEFINITION],
  extent: 'tasks whose metadata names a profile',
  remediation: `Write out in Metadata ${PROFILE_METADATA} a name (remote-core, cortex, tgefd, nodetool or tom), the environment and the container of the program.`,
  check: namingOf,
});

function withVariables(program: ProfiledProgram, isOwn: (fault: Fault) => boolean): readonly Outcome[] {
  return variablesOf(program.profile).length === 0 ? NOT_APPLICABLE : outcomesOf(program, isOwn);
}

const complete = defineRule('CFG-4', 'complete', {
  appliesTo: [TASK_DEFINITION],
  extent: 'tasks whose metadata names a profile',
  remediation: 'Tell the program what its document asks for, in Environment or in Secrets. In CDK, the profile writes it all.',
  check: (task) => ofProfile(task, (program) => withVariables(program, ({ control }) => control === 'CFG-4')),
});

/** What the program does without being told is less safe than any value that is judged (M-01). */
const emitted = defineRule('CFG-7', 'emitted', {
  appliesTo: [TASK_DEFINITION],
  extent: 'tasks whose metadata names a profile',
  remediation: 'Write the variable out: what the program does without it is not safe. In CDK, the profile always writes it.',
  check: (task) => ofProfile(task, (program) => (
    variablesOf(program.profile).some(({ absence }) => absence === 'unsafe') ? outcomesOf(program, ({ control }) => control === 'CFG-7') : NOT_APPLICABLE
  )),
});

export const CFG_COMPLETE_RULES = [profile, complete, emitted];
