import { CORTEX } from './cortex';
import { NODETOOL } from './nodetool';
import { TGEFD } from './tgefd';
import { TOM } from './tom';
import type { ProfileName, Variable } from './variable';

/** What the documents tell a program: 81 variables (catalogue, section 3). */
export const VARIABLES: readonly Variable[] = [...CORTEX, ...TGEFD, ...NODETOOL, ...TOM];

export const variablesOf = (profile: ProfileName): readonly Variable[] => VARIABLES.filter((one) => one.profile === profile);
