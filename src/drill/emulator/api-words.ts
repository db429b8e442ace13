import { isJsonMap, type Json } from '../../checks/template/template';

/** Maps whose keys are the user's own and no names of properties. */
const USERS_OWN = new Set(['Options', 'options', 'DockerLabels', 'dockerLabels', 'DriverOpts', 'driverOpts', 'Labels', 'labels']);

/** Where the two services spell a name differently beyond its first letter. */
const SPELLED: readonly (readonly [template: string, api: string])[] = [
  ['EFSVolumeConfiguration', 'efsVolumeConfiguration'],
  ['FilesystemId', 'fileSystemId'],
  ['FSxWindowsFileServerVolumeConfiguration', 'fsxWindowsFileServerVolumeConfiguration'],
  ['IAM', 'iam'],
];
const TO_API: ReadonlyMap<string, string> = new Map(SPELLED);
const TO_TEMPLATE: ReadonlyMap<string, string> = new Map(SPELLED.map(([template, api]) => [api, template]));

/** Properties as the ECS API spells them: what a template calls `LinuxParameters` is `linuxParameters` there. */
export function toApiWords(value: Json): Json {
  return spelled(value, (key) => TO_API.get(key) ?? key.charAt(0).toLowerCase() + key.slice(1));
}

/** The way back. */
export function toTemplateWords(value: Json): Json {
  return spelled(value, (key) => TO_TEMPLATE.get(key) ?? key.charAt(0).toUpperCase() + key.slice(1));
}

function spelled(value: Json, spell: (key: string) => string): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => spelled(item, spell));
  if (!isJsonMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [spell(key), USERS_OWN.has(key) ? inner : spelled(inner, spell)]));
}
