import { CHECKLISTS } from '../../profiles/checklists';
import type { Paint } from '../../report/paint';
import type { DoctorAws } from './aws';
import { answerTo, type Answered } from './checklist';
import { examineAlarms } from './checks/alarms';
import { examineBackups } from './checks/backups';
import { examineBrokers } from './checks/brokers';
import { examineBuckets } from './checks/buckets';
import { examineGates } from './checks/gates';
import { examineGroups } from './checks/groups';
import { examineListeners } from './checks/listeners';
import { examineLoadBalancers } from './checks/load-balancers';
import { examineLogs } from './checks/logs';
import { examineSecrets } from './checks/secrets';
import { examineStores } from './checks/stores';
import { examineTables } from './checks/tables';
import { examineTargets } from './checks/targets';
import { examineTasks } from './checks/tasks';
import type { Result } from './examine';
import type { ProfileName } from '../../profiles/variables/variable';
import { type Profiled, profilesIn } from './profiles';
import { reportText } from './text';
import { reportJson } from './to-json';
import { type Complaint, complaintsAbout, toldTo } from './variables';
import type { Ward } from './ward';
import { wardOf } from './ward-of';

export interface DoctorOptions {
  /** Whose variables the containers have. @default - what the templates say that were deployed */
  readonly profile?: ProfileName;
  readonly format: 'text' | 'json';
  /** What could not be asked counts as wrong. */
  readonly strict?: boolean;
}

/** What a run needs of the world. */
export interface DoctorWorld {
  readonly aws: DoctorAws;
  readonly now: () => Date;
  readonly paint: Paint;
  readonly print: (text: string) => void;
}

/** A container, and what its document's checklist came to. */
export interface Examined extends Pick<Profiled, 'path' | 'profile'> {
  readonly complaints: readonly Complaint[];
  /** Empty where the document names no variable. */
  readonly checklist: readonly Answered[];
}

export interface Diagnosis {
  readonly stack: string;
  readonly isWell: boolean;
  readonly examined: readonly Examined[];
  readonly results: readonly Result[];
}

const AREAS: readonly ((ward: Ward) => Promise<readonly Result[]>)[] = [
  examineTasks, examineGates, examineBrokers, examineLoadBalancers, examineListeners, examineTargets, examineGroups, examineSecrets, examineStores, examineTables, examineBuckets, examineLogs,
  examineAlarms, examineBackups,
];

/** Examines what is deployed, as its checklist asks (CFG-5, CX-51); true where nothing is wrong. */
export async function doctor(stack: string, options: DoctorOptions, { aws, now, paint, print }: DoctorWorld): Promise<boolean> {
  const diagnosis = await diagnose(stack, options, aws, now());
  print(options.format === 'json' ? reportJson(diagnosis) : reportText(diagnosis, paint));
  return diagnosis.isWell;
}

async function diagnose(stack: string, { profile, strict = false }: DoctorOptions, aws: DoctorAws, now: Date): Promise<Diagnosis> {
  const ward = await wardOf(aws, stack, now);
  const found = await profilesIn(ward, stack, profile);
  const areas = await Promise.all(AREAS.map((examine) => examine(ward)));
  const results = [...found.results, ...areas.flat()];
  const examined = found.profiled.map((one) => examinedOf(one, results));
  const failing = strict ? ['wrong', 'unknown'] : ['wrong'];
  const isWell = !results.some(({ judged }) => typeof judged === 'object' && failing.some((key) => key in judged))
    && !examined.some(({ complaints }) => complaints.some(({ verdict }) => failing.includes(verdict)));
  return { stack, isWell, examined, results };
}

function examinedOf(profiled: Profiled, results: readonly Result[]): Examined {
  const { path, profile, container } = profiled;
  const complaints = complaintsAbout(profiled);
  const known = { profile, told: new Set(toldTo(container).keys()), complaints, results };
  return { path, profile, complaints, checklist: profile === 'remote-core' ? [] : CHECKLISTS[profile].map((item) => ({ item, answer: answerTo(item, known) })) };
}
