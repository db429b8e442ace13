import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import { Property } from '../template/property';
import { Unknown, type Value } from '../template/value';
import { looseIn } from './pointers';

/** What a policy takes for everything: of one service, of every bucket, of anybody. The partition is a hole in many templates. */
const EVERYTHING = /^(\*|[\w-]+:\*|arn:([^:]*|\$\{[^}]*\}):[^:]*:\*?:\*?:\*)$/;

/** What is known of one name suffices to tell it from all of them. */
function wide(place: Property): boolean {
  const names = Array.isArray(place.value) ? place.items() : [place];
  return names.some((name) => EVERYTHING.test(name.partialText().text));
}

/** Every bucket with something in it, and every resource of some kind whosever account it is in: an ARN whose owner is a wildcard, as that of a role may be. */
const ANY_OWNER = /^arn:([^:]*|\$\{[^}]*\}):(s3:[^:]*:[^:]*:[*?]+(\/.*)?|[^:]*:[^:]*:[^:]*\*[^:]*:.*)$/;

/** Whether a statement is about resources of any account. */
function ofAnyAccount(place: Property): boolean {
  const names = Array.isArray(place.value) ? place.items() : [place];
  return wide(place) || names.some((name) => ANY_OWNER.test(name.partialText().text));
}

/** Whether what a condition demands holds for everybody: organizations and accounts have numbers, so a wildcard in one is nobody's choice. */
function holdsForAnybody(key: string, demanded: Property): boolean {
  if (!/(Account|OrgID|Arn)$/i.test(key)) return wide(demanded);
  const names = Array.isArray(demanded.value) ? demanded.items() : [demanded];
  return wide(demanded) || names.some((name) => {
    const { text } = name.partialText();
    return /Arn$/i.test(key) ? ANY_OWNER.test(text) : text.includes('*');
  });
}

function isAnybody(principal: Property): boolean {
  if (!principal.exists || typeof principal.value === 'string') return principal.text() === '*';
  return principal.entries().some(([, value]) => (Array.isArray(value.value) ? value.items() : [value]).some((item) => item.partialText().text === '*'));
}

const OTHERS = 'lets anybody reach every resource of the service, those of other accounts too';

/** What may be said of who calls, and of whose the resource is (IAM guide, "AWS global condition context keys"). Services of AWS that call for somebody are none of either. */
const OF_CALLER = /^aws:(Principal(Account|Arn|Org(ID|Paths)|Tag\/.*)|userid|SourceIdentity)$/i;
const OF_RESOURCE = /^(aws:Resource(Account|Org(ID|Paths)|Tag\/.*)|s3:ResourceAccount|s3:DataAccessPointAccount)$/i;

/** Operators that ask for something; the others ask for something else not to be there. */
const DEMANDS = /^(ForAnyValue:)?(String(Equals(IgnoreCase)?|Like)|Arn(Equals|Like))(IfExists)?$/i;
/** Holds where a request says nothing: of a resource because its service never does, of a caller because it brings no signature. */
const FORGIVES = /IfExists$/i;

/** Whether some condition of a statement asks for one of these keys. */
function asksFor(statement: Property, keys: RegExp): boolean {
  const conditions = statement.get('Condition').entries();
  const demands = (operator: string): boolean => DEMANDS.test(operator) && !(keys === OF_CALLER && FORGIVES.test(operator));
  return conditions.some(([operator, demanded]) => demands(operator) && demanded.entries().some(([key, value]) => keys.test(key) && !holdsForAnybody(key, value)));
}

/** Buckets that AWS fills, for everybody to read: images and packages come from them, by links that are signed elsewhere. */
const OF_AWS = /^arn:([^:]*|\$\{[^}]*\}):s3:::(prod-.+-starport-layer-bucket|amazonlinux.*|al20\d\d-repos-.+|packages\..+\.amazonaws\.com|repo\..+\.amazonaws\.com|(amazon|aws)-ssm-.+|patch-baseline-snapshot-.+)\//;

function isOfAws(resource: Property): boolean {
  const names = Array.isArray(resource.value) ? resource.items() : [resource];
  return names.length > 0 && names.every((name) => OF_AWS.test(name.partialText().text));
}

/** Services whose resources may admit other accounts, so that data can be carried there with a key of one's own (IAM guide, "AWS services that work with IAM"). */
const SHARED = /^(s3|sqs|sns|dynamodb|kinesis|firehose|lambda|secretsmanager|kms|ecr|events|logs|ssm|sts|execute-api|glue|backup|codeartifact|es|elasticfilesystem|s3express|s3tables):/i;
/** Their actions that are about no resource, or only list what there is. */
const ABOUT_NONE = /:(List|Describe|Search|Get(AuthorizationToken|ServiceBearerToken|CallerIdentity|SessionToken|RandomPassword|AccountPublicAccessBlock|AccountSettings|ResourcePolicies)$|GenerateRandom$|DecodeAuthorizationMessage$|CreateKey$|CreateSecret$|StartQuery$|StopQuery$)/i;

/** Whether an action, written out or as a pattern, does something with a resource that may be another account's. */
function reachesOthers(action: Property): boolean {
  const names = Array.isArray(action.value) ? action.items() : [action];
  return names.map((name) => name.partialText().text).some((name) => EVERYTHING.test(name) || (SHARED.test(name) && !ABOUT_NONE.test(name)));
}

/** Who is let out, to what, and to do what: any of the three that is left open is a way out with somebody's key. */
function isBounded(statement: Property): readonly Outcome[] {
  if (statement.get('Effect').text() === 'Deny') return PASS;
  const [principal, resource, action] = [statement.get('Principal'), statement.get('Resource'), statement.get('Action')];
  const openAction = wide(action) || statement.get('NotAction').exists;
  const namesNone = ofAnyAccount(resource) || statement.get('NotResource').exists;
  return all(() => {
    const [ofCaller, ofResource] = [OF_CALLER, OF_RESOURCE].map((keys) => asksFor(statement, keys));
    const [anybody, everything] = [!ofCaller && (isAnybody(principal) || statement.get('NotPrincipal').exists), !ofResource && namesNone];
    if (anybody && everything) return fail(resource, OTHERS);
    return [
      ...(everything && (openAction || reachesOthers(action)) ? fail(resource, 'lets ours reach resources of every account: name them, or their account by aws:ResourceAccount', 'warning') : PASS),
      ...(anybody && !ofResource && !isOfAws(resource) ? fail(principal, 'lets principals of every account through: name ours by aws:PrincipalAccount or aws:PrincipalOrgID', 'warning') : PASS),
      // A perimeter bounds whose both ends are, and leaves it to roles what is done between them.
      ...(openAction && !ofResource ? fail(action, 'lets every action of the service through', 'warning') : PASS),
    ];
  });
}

/** A policy may be written as text, too (AWS CloudFormation reference, AWS::EC2::VPCEndpoint). */
function parsed(policy: Property): Property | undefined {
  if (typeof policy.value !== 'string') return policy;
  try {
    return new Property(policy.path, JSON.parse(policy.value) as Value);
  } catch {
    return undefined;
  }
}

const endpointPolicy = defineRule('NET-5', 'endpoint-policy', {
  appliesTo: ['AWS::EC2::VPCEndpoint'],
  remediation: 'Give the endpoint a PolicyDocument that names the resources, the principals or, by Condition, the account or organization (aws:ResourceAccount, aws:PrincipalAccount).',
  check(endpoint) {
    // Other endpoints take no policy, and a service of somebody's own is no way to anywhere else.
    const place = endpoint.prop('ServiceName');
    const service = place.partialText().text;
    if (place.value instanceof Unknown && service.startsWith('${') && !endpoint.prop('PolicyDocument').exists) {
      return undecidable(place, `is ${service}, so whether the endpoint takes a policy, of which it has none, is not known`);
    }
    const isOfAws = /^(com|cn\.com)\.amazonaws\./.test(service) && !service.includes('.vpce.');
    if (!isOfAws || endpoint.prop('VpcEndpointType').text() === 'GatewayLoadBalancer') return NOT_APPLICABLE;
    const policy = endpoint.prop('PolicyDocument');
    if (!policy.exists) return fail(policy, `is not set, and the default ${OTHERS}`);
    const document = parsed(policy);
    return document ? each(document.get('Statement').items(), isBounded) : undecidable(policy, 'is a text that is no policy');
  },
});

/** `*`, or every account by its ARN. */
const ANY_PRINCIPAL = /^(\*|arn:([^:]*|\$\{[^}]*\}):iam::\*:.*)$/;

const endpointService = defineRule('NET-2', 'endpoint-service', {
  appliesTo: ['AWS::EC2::VPCEndpointServicePermissions'],
  remediation: 'Name the accounts or roles that may connect in AllowedPrincipals.',
  check: (permissions) => each(permissions.prop('AllowedPrincipals').items(), (principal) => {
    const { text, complete } = principal.partialText();
    // The partition of an ARN is a hole in many templates, and says nothing of who it is.
    return expect(!ANY_PRINCIPAL.test(complete || text.startsWith('arn:') ? text : principal.text() ?? ''), principal, 'lets every account of AWS ask for a connection');
  }),
});

/** What the CDK writes to empty a VPC's default security group (`restrictDefaultSecurityGroup`). */
export const RESTRICTION = 'Custom::VpcRestrictDefaultSG';

const defaultGroup = defineRule('NET-2', 'default-group', {
  appliesTo: ['AWS::EC2::VPC'],
  remediation: 'Empty the default security group: in CDK, new Vpc({ restrictDefaultSecurityGroup: true }).',
  check(vpc, graph) {
    if (graph.pointingAt(vpc, RESTRICTION, 'DefaultSecurityGroupId').length > 0) return PASS;
    const [loose] = looseIn(graph, RESTRICTION, 'DefaultSecurityGroupId');
    if (loose) return undecidable(vpc.whole, `leaves its default security group open, unless ${loose.logicalId} empties it, whose group is known only when deployed`);
    return fail(vpc.whole, 'leaves its default security group as it is made: what carries it reaches the others that do, and everything outside', 'warning');
  },
});

export const NET_ENDPOINT_RULES = [endpointPolicy, endpointService, defaultGroup];
