import type { Resource } from '../../checks/template/resource';
import type { JsonMap } from '../../checks/template/template';
import type { TemplateGraph } from '../../checks/template/template-graph';
import type { AwsClients } from '../emulator/aws-clients';
import { messageOf, nameOf } from '../message-of';
import type { ToldMap } from './told';

/** The template as it was deployed, for what a reader has to gather from several resources. */
export interface Surroundings {
  readonly graph: TemplateGraph;
  /** The properties of a resource, references turned into what they have become. */
  readonly told: (resource: Resource) => ToldMap;
  readonly physicalId: (resource: Resource) => string | undefined;
}

/** How a type is read back: both sides in the same words. */
export interface Reader {
  /** What the emulator has; undefined where it has no such resource. The template's properties tell where to look, nothing more. */
  held(aws: AwsClients, physicalId: string, told: ToldMap): Promise<JsonMap | undefined>;
  /** What the template says, in the words of `held`. @default - the properties as they are */
  told?(told: ToldMap, resource: Resource, around: Surroundings): ToldMap;
}

export type Readers = Readonly<Record<string, Reader>>;

/** Asks, and takes "there is none" for an answer. Any other error stands. */
export async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (/NotFound|NoSuchEntity|Nonexistent|Malformed|does not exist|Unable to describe/i.test(`${nameOf(error)} ${messageOf(error)}`)) return undefined;
    throw error;
  }
}

/** An answer of the SDK as plain JSON: no dates, no bytes, nothing undefined. */
export function plainJson(answer: unknown): JsonMap {
  return JSON.parse(JSON.stringify(answer ?? {}, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value))) as JsonMap;
}
