import { z } from 'zod';
import { PROFILE_METADATA } from '../../profiles/contract';
import { CONFIGURATION_VARIABLE } from '../../gate/contract';
import type { ExaminedContainer, ExaminedService } from '../deployed/aws';
import { parseTemplateText } from '../text';
import { answerOf, type Result, unknown, wrong } from './examine';
import { ofType, running, type Ward } from './ward';
import { isProfileName, type ProfileName } from '../../profiles/variables/variable';

/** A container whose variables a profile is about. */
export interface Profiled {
  /** Of the service, and the container's name behind it. */
  readonly path: string;
  readonly profile: ProfileName;
  readonly service: ExaminedService;
  readonly container: ExaminedContainer;
  readonly choices: readonly string[];
}

/** What a template says about one of its task definitions. Everything else that is judged is read from what runs. */
interface Marked {
  /** Of the task definition as it was deployed. */
  readonly family: string;
  readonly name: string;
  readonly container?: string | undefined;
  readonly choices: readonly string[];
}

export interface FoundProfiles {
  readonly profiled: readonly Profiled[];
  readonly results: readonly Result[];
}

const METADATA = z.object({ name: z.string(), container: z.string().optional().catch(undefined), choices: z.array(z.string()).catch([]) });
const RESOURCES = z.object({ Resources: z.record(z.string(), z.unknown()) });
const MARKED_RESOURCE = z.object({ Type: z.literal('AWS::ECS::TaskDefinition'), Metadata: z.object({ [PROFILE_METADATA]: METADATA }) });

/** Whose variables which container has: as somebody says, or as the templates that were deployed do. */
export async function profilesIn(ward: Ward, stack: string, wanted: ProfileName | undefined): Promise<FoundProfiles> {
  const { marked, results } = await markedIn(ward, stack);
  const faults = [...results];
  const profiled = running(ward).flatMap(({ path, service }): Profiled[] => {
    const mark = marked.find(({ family }) => family === familyOf(service.taskDefinition));
    const container = containerOf(service, mark?.container);
    if (mark === undefined && (wanted === undefined || !ward.gates.some((gate) => gate.path === path))) return [];
    const profile = wanted ?? mark?.name ?? '';
    if (!isProfileName(profile)) faults.push({ item: 'profile.known', path, judged: wrong('is said to have a profile that there is not') });
    else if (container === undefined) faults.push({ item: 'profile.known', path, judged: wrong('has no container that the profile could be about') });
    else return [{ path: `${path}/${container.name}`, profile, service, container, choices: mark?.choices ?? [] }];
    return [];
  });
  // With a name at hand, what a template would have said is no loss.
  const told = wanted === undefined ? faults : faults.filter(({ judged }) => typeof judged === 'object' && 'wrong' in judged);
  return { profiled, results: told };
}

async function markedIn(ward: Ward, stack: string): Promise<{ readonly marked: readonly Marked[]; readonly results: readonly Result[] }> {
  const stacks = [{ path: stack, physicalId: stack }, ...ofType(ward, 'AWS::CloudFormation::Stack')];
  const [marked, results]: [Marked[], Result[]] = [[], []];
  for (const { path, physicalId } of stacks) {
    const asked = await answerOf(() => ward.aws.templateOf(physicalId));
    if ('why' in asked) results.push({ item: 'profile.known', path, judged: unknown(asked.why) });
    else marked.push(...marksOf(asked.answer ?? '', path, ward));
  }
  return { marked, results };
}

function marksOf(text: string, path: string, ward: Ward): readonly Marked[] {
  const template = RESOURCES.safeParse(parsed(text));
  return Object.entries(template.data?.Resources ?? {}).flatMap(([logicalId, resource]): Marked[] => {
    const found = MARKED_RESOURCE.safeParse(resource).data?.Metadata[PROFILE_METADATA];
    const arn = ofType(ward, 'AWS::ECS::TaskDefinition').find((one) => one.path === `${path}/${logicalId}`)?.physicalId;
    return found === undefined || arn === undefined ? [] : [{ ...found, family: familyOf(arn) }];
  });
}

/** A template that is none of ours may be anything. */
function parsed(text: string): unknown {
  try {
    return parseTemplateText(text, '');
  } catch {
    return undefined;
  }
}

/** The same for every revision: one that was registered by hand is still that task definition. */
function familyOf(arn: string): string {
  return /:task-definition\/([^:]+)/.exec(arn)?.[1] ?? arn;
}

/** The one that the template names, or the one that the gate is there for. */
function containerOf({ containers }: ExaminedService, name: string | undefined): ExaminedContainer | undefined {
  if (name !== undefined) return containers.find((one) => one.name === name);
  return containers.find(({ isEssential, environment }) => isEssential && !environment.has(CONFIGURATION_VARIABLE));
}
