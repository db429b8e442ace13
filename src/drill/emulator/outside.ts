import { isJsonMap, type Json } from '../../checks/template/template';
import { isStandIn } from './gaps';

/** How the APIs say that they have looked for something in vain; in the engine's CloudFormation these words come as they are. */
const IN_VAIN = /\bno \w+(?: \w+)* with\b|not found|NotFound|NoSuch|not exist|no longer exists|(?:cannot|could not) be found/i;

/** Shorter texts stand in sentences by chance. */
const MIN_LENGTH = 3;

/**
 * What the engine has looked for in vain: a text of the resource that its reason quotes and that no resource of the templates has
 * become, such as the id of an imported hosted zone. Undefined where it refuses the resource for anything else.
 *
 * @param properties as the engine has them
 * @param isCreated whether a text is what a resource of the templates has become
 */
export function soughtOutside(properties: Json, reason: string, isCreated: (text: string) => boolean): string | undefined {
  if (!IN_VAIN.test(reason)) return undefined;
  const quoted = textsIn(properties).flatMap((text) => [text, text.split(/[:/|]/).at(-1) ?? '']).filter((text) => text.length >= MIN_LENGTH && quotes(reason, text));
  // The longest names most: the others may be parts of it.
  const [sought] = quoted.sort((a, b) => b.length - a.length);
  return sought === undefined || (isCreated(sought) && !isStandIn(sought)) ? undefined : sought;
}

/** How EC2 names what it makes (AWS: "Amazon EC2 resource IDs"). */
const EC2_ID = /^[a-z]+(?:-[a-z]+)*-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** The id of something in EC2 that a resource belongs to and no resource of the templates has become; undefined where there is none. */
export function ownerOutside(properties: Json, isCreated: (text: string) => boolean): string | undefined {
  return textsIn(properties).find((text) => EC2_ID.test(text) && !isCreated(text));
}

/** As a word of its own, in quotes or not. */
function quotes(reason: string, text: string): boolean {
  return ` ${reason} `.split(/[\s'"`(),;=]+/).some((word) => word.replace(/[.:]+$/, '') === text);
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(textsIn);
  return isJsonMap(value) ? Object.values(value).flatMap(textsIn) : [];
}
