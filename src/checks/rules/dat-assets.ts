import { defineRule, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { bucketAt } from './buckets';
import { TASK_DEFINITION } from './containers';
import { checkVariables, eachEnvironment, type Environment, isPresent, PROGRAMS, valueOf, writtenContainers } from './variables';

const BUCKET_VARIABLE = /^(ASSETS?|S3)_BUCKET(_NAME)?$/;
const REGION_VARIABLE = 'S3_REGION';
const ENDPOINT_VARIABLE = /^(S3|AWS_S3|AWS_ENDPOINT_URL_S3|AWS_ENDPOINT_URL)(_ENDPOINT(_URL)?)?$/;

const OWN_REGION = '${AWS::Region}';
const REGION = /\b(?:us|eu|ap|ca|sa|af|me|il|mx|cn|us-gov)-(?:(?:north|south|east|west|central|iso\w?)+)-\d\b/;

/** The region of the stack, where something beside it tells: its log driver is told of the same. */
function regionBeside(program: Resource): string | undefined {
  if (program.type !== TASK_DEFINITION) return undefined;
  return writtenContainers(program).map((container) => {
    const { value } = container.get('LogConfiguration');
    return value === undefined ? '' : container.get('LogConfiguration').get('Options').get('awslogs-region').partialText().text;
  }).find((region) => region !== '');
}

function isOwnRegion(place: Property, region: string, program: Resource, what: string): readonly Outcome[] {
  if (region === OWN_REGION) return PASS;
  const own = regionBeside(program);
  if (own === undefined) return undecidable(place, `${what} is ${region}; whether the stack is there is not known`);
  return expect(own === region, place, `${what} is ${region}, and the stack is in ${own === OWN_REGION ? 'the region where it is deployed' : own}`);
}

/** Its address in one region: that without any is the one of us-east-1 (C-34). */
function isRegionalEndpoint(place: Property, program: Resource): readonly Outcome[] {
  const text = place.partialText().text.trim();
  if (/^\$\{[^}]*\}$/.test(text)) place.text();
  if (!text.startsWith('https://')) return fail(place, `is ${text.split(':')[0] ?? ''}, so assets and what signs for them go in plain text`);
  if (!/\.amazonaws\.com(\.cn)?(\/|$)|\.\$\{AWS::URLSuffix\}(\/|$)/.test(text)) return undecidable(place, 'is none of AWS, so whether roles work there is not known');
  const region = text.includes(OWN_REGION) ? OWN_REGION : REGION.exec(text)?.[0];
  return region === undefined ? fail(place, 'names no region, so it is the endpoint of us-east-1') : isOwnRegion(place, region, program, 'its region');
}

function isOwnBucket(place: Property, program: Resource, graph: TemplateGraph): readonly Outcome[] {
  if (bucketAt(place, program, graph)) return PASS;
  if (place.value instanceof Reference) return fail(place, `is ${place.value.resource.logicalId}, which is no bucket`);
  return undecidable(place, `names ${place.partialText().text}, which is in none of the templates`);
}

const variables = defineRule('DAT-7', 'variables', {
  appliesTo: PROGRAMS,
  remediation: 'Refer to the bucket (Ref), to AWS::Region, and to https://s3.${AWS::Region}.${AWS::URLSuffix}.',
  check: (program, graph) => eachEnvironment(program, (environment) => {
    if (!isAboutAssets(environment)) return NOT_APPLICABLE;
    return checkVariables(environment, [
      { name: BUCKET_VARIABLE, check: (place) => isOwnBucket(place, program, graph) },
      { name: new RegExp(`^${REGION_VARIABLE}$`), check: (place) => isOwnRegion(place, place.partialText().text, program, REGION_VARIABLE) },
      { name: ENDPOINT_VARIABLE, check: (place) => isRegionalEndpoint(place, program) },
    ]);
  }),
});

const isAboutAssets = (environment: Environment): boolean =>
  isPresent(environment, BUCKET_VARIABLE) || valueOf(environment, REGION_VARIABLE) !== undefined || isPresent(environment, ENDPOINT_VARIABLE);

/** Without a role there is nothing to sign with but keys (NT-46); a function always has one. */
const role = defineRule('DAT-7', 'role', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Name a TaskRoleArn that may use the bucket.',
  check: (task) => eachEnvironment(task, (environment) => {
    if (!isPresent(environment, BUCKET_VARIABLE)) return NOT_APPLICABLE;
    const place = task.prop('TaskRoleArn');
    if (place.value instanceof Reference) return PASS;
    return expect((place.text() ?? '') !== '', place, `is not set, so ${environment.owner} has no way to its bucket but a key that stays`);
  }),
});

export const DAT_ASSET_RULES = [variables, role];
