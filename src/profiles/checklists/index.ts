import type { ProfileName } from '../variables/variable';
import type { ChecklistItem } from './checklist';
import { CORTEX } from './cortex';
import { NODETOOL } from './nodetool';
import { TGEFD } from './tgefd';
import { TOM } from './tom';

/** Remote Core's document names no variable, so that there is nothing to ask of a file. */
export type ChecklistName = Exclude<ProfileName, 'remote-core'>;

/** What each document asks for, in its order. */
export const CHECKLISTS: Readonly<Record<ChecklistName, readonly ChecklistItem[]>> = { cortex: CORTEX, tgefd: TGEFD, nodetool: NODETOOL, tom: TOM };
