import { credentialIn, DYNAMIC_SECRET, namesSecret, saysNothing } from '../../secrets/secret-shapes';
import { all, defineRule, each, expect, fail, type Outcome, PASS, undecidable } from '../rule';
import { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { isJsonMap, type Json, section } from '../template/template';
import type { TemplateGraph } from '../template/template-graph';
import { isMap, type Value } from '../template/value';
import { containersOf, nameOf, TASK_DEFINITION } from './containers';
import { oncePerGraph } from './pointers';

const environmentFiles = defineRule('SEC-9', 'environment-files', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Drop EnvironmentFiles: put what everybody may know into Environment, and the rest into Secrets.',
  check: (task) => each(containersOf(task), (container) => {
    const files = container.get('EnvironmentFiles');
    return expect(files.items().length === 0, files, `${nameOf(container)} reads variables from a file in a bucket, where whoever may read it finds every secret in clear`);
  }),
});

/** Types that carry text of somebody's own, and where another rule reads it already (SEC-1). */
const WITH_TEXT: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  [TASK_DEFINITION, ['ContainerDefinitions']],
  ['AWS::Lambda::Function', ['Environment']],
  ['AWS::Serverless::Function', ['Environment']],
  ['AWS::CodeBuild::Project', ['Environment']],
  ['AWS::SecretsManager::Secret', ['SecretString']],
  ...[
    'AWS::EC2::Instance', 'AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::LaunchConfiguration', 'AWS::SSM::Parameter', 'AWS::SSM::Document', 'AWS::StepFunctions::StateMachine',
    'AWS::Events::Rule', 'AWS::Events::Connection', 'AWS::Scheduler::Schedule', 'AWS::CloudFront::Function', 'AWS::AppConfig::HostedConfigurationVersion',
    'AWS::ApiGateway::Method', 'AWS::ApiGateway::RestApi',
    'AWS::ApiGatewayV2::Api', 'AWS::Batch::JobDefinition', 'AWS::AppRunner::Service', 'AWS::Glue::Job', 'AWS::SageMaker::Model', 'AWS::ElasticBeanstalk::Environment', 'AWS::Amplify::App',
    'AWS::ECS::Service', 'AWS::ElasticLoadBalancingV2::ListenerRule', 'AWS::CloudFormation::Stack', 'AWS::CodePipeline::Pipeline', 'AWS::IoT::TopicRule',
  ].map((type): [string, readonly string[]] => [type, []]),
]);

/**
 * Where a service takes a secret that it tells nobody again, so that fetching it at the deployment is the way (Elastic Load Balancing API, AuthenticateOidcActionConfig,
 * UseExistingClientSecret; EventBridge API, DescribeConnection).
 */
const KEPT_BY_SERVICE = /(^|\.)(AuthenticateOidcConfig\.ClientSecret|AuthParameters\.(ApiKeyAuthParameters\.ApiKeyValue|BasicAuthParameters\.Password|OAuthParameters\.ClientParameters\.ClientSecret))$/;

/** Judges a text by what it says; the message never repeats it. */
function isHarmless(place: Property): readonly Outcome[] {
  const { text, complete } = place.partialText();
  if (DYNAMIC_SECRET.test(text) && !KEPT_BY_SERVICE.test(place.path)) return fail(place, 'has a secret by dynamic reference, which leaves it readable in what is deployed');
  const credential = credentialIn(text);
  if (credential === 'written') return fail(place, 'has something in it that looks like a credential');
  return credential && !complete ? undecidable(place, 'has a password in it that only a deployment knows') : PASS;
}

/** Every text below a place. */
function textsIn(place: Property): Property[] {
  const { value } = place;
  if (Array.isArray(value)) return place.items().flatMap(textsIn);
  if (isMap(value)) return place.entries().flatMap(([, inner]) => textsIn(inner));
  return value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean' ? [] : [place];
}

/** A hole of a whole text holds nothing that anybody wrote down. */
const found = (place: Property): readonly Outcome[] => each(textsIn(place), isHarmless).filter(({ kind }) => kind !== 'pass');

function inResource(resource: Resource): readonly Outcome[] {
  const elsewhere = WITH_TEXT.get(resource.type) ?? [];
  const { written } = resource;
  const places = isMap(written.value) ? written.entries().filter(([key]) => !elsewhere.includes(key)).map(([, place]) => place) : [written];
  return [...places.flatMap(found), ...found(new Property('Metadata', plain(resource.metadata)))];
}

/** Sections of a template as they stand; calls in them are maps like others. */
const plain = (json: Json): Value => json;

/** A default is in the template for everybody to read, whatever it is called there. */
function defaultsIn(resource: Resource): readonly Outcome[] {
  return Object.entries(section(resource.template, 'Parameters')).flatMap(([name, declared]) => {
    const byDefault = isJsonMap(declared) ? declared.Default : undefined;
    if (typeof byDefault !== 'string' || saysNothing(byDefault) || !namesSecret(name) || DYNAMIC_SECRET.test(byDefault)) return [];
    return fail(new Property(`Parameters.${name}.Default`, ''), `parameter ${name} has a default that is written out in the template`);
  });
}

/** What no resource has is told of the first resource with text of its own in the same template. */
const carriers = oncePerGraph((graph: TemplateGraph): ReadonlySet<Resource> => {
  const resources = [...WITH_TEXT.keys()].flatMap((type) => graph.ofType(type));
  return new Set(resources.filter((one) => resources.find(({ template }) => template === one.template) === one));
});

const SECTIONS = ['Outputs', 'Mappings', 'Metadata', 'Parameters'];

function inTemplate(resource: Resource): readonly Outcome[] {
  const { body } = resource.template;
  return [
    ...found(new Property('Description', plain(body.Description ?? null))),
    ...SECTIONS.flatMap((name) => found(new Property(name, plain(section(resource.template, name))))),
    ...defaultsIn(resource),
  ];
}

const literalsAnywhere = defineRule('SEC-9', 'literals', {
  extent: 'templates with a resource of the listed types, and texts of those types',
  appliesTo: [...WITH_TEXT.keys()],
  remediation: 'Take it out of the source, renew it at its issuer, and keep the new one in Secrets Manager.',
  check(resource, graph) {
    const outcomes = all(() => inResource(resource), () => (carriers(graph).has(resource) ? inTemplate(resource) : []));
    return outcomes.length === 0 ? PASS : outcomes;
  },
});

export const SEC_SOURCE_RULES = [environmentFiles, literalsAnywhere];
