import { STATIC_REASON, STATIC_TOKEN } from '../../profiles/nodetool/contract';
import { variablesOf } from '../../profiles/variables';
import { all, defineRule, each, expect, fail, guarded, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { TemplateGraph } from '../template/template-graph';
import { TASK_DEFINITION } from './containers';
import { type GateContainer, gatesOf } from './gate-configuration';
import { needTexts, ofProfile, outcomesOf, OWN_VARIABLES, placeOf, type ProfiledProgram } from './profiles';
import { looseSchedules, schedulesOf, secretAt } from './secrets';
import { valueOf } from './variables';

/** What is said of variables that have a control of their own, each of which has to be known. */
function aboutOf(program: ProfiledProgram, control: keyof typeof OWN_VARIABLES): readonly Outcome[] {
  const names: readonly string[] = OWN_VARIABLES[control];
  const own = variablesOf(program.profile).map(({ name }) => name).filter((name) => names.includes(name));
  if (own.length === 0) return NOT_APPLICABLE;
  return all(() => needTexts(program, own), () => outcomesOf(program, (fault) => fault.control === control));
}

const env = defineRule('CFG-1', 'env', {
  appliesTo: [TASK_DEFINITION],
  extent: 'tasks whose metadata names the profile nodetool',
  remediation: 'Set ENV to production, in every stage that is deployed: what differs between stages is whose secrets they take.',
  check: (task) => ofProfile(task, (program) => aboutOf(program, 'CFG-1')),
});

const debugAndLevel = defineRule('CFG-2', 'debug-and-level', {
  appliesTo: [TASK_DEFINITION],
  extent: 'tasks whose metadata names the profile nodetool',
  remediation: 'Set DEBUG to false, and LOG_LEVEL to INFO or WARNING.',
  check: (task) => ofProfile(task, (program) => aboutOf(program, 'CFG-2')),
});

const authMode = defineRule('CFG-3', 'auth-mode', {
  appliesTo: [TASK_DEFINITION],
  extent: 'tasks whose metadata names a profile',
  remediation: 'Set TGEFD_AUTH_MODE to jwt or mtls, AUTH_PROVIDER to supabase or static, and TOM_CORE_AUTH_MODE to api_key, spelled so.',
  check: (task) => ofProfile(task, (program) => aboutOf(program, 'CFG-3')),
});

/** The ways in which a gate lets callers in, each with all the proofs that it asks for. */
const waysOf = ({ configuration }: GateContainer): readonly (readonly string[])[] =>
  configuration.get('identity.accept').items().map((way) => way.items().map((proof) => proof.text() ?? ''));

/** Which proof the program reads in each mode. */
const PROOFS: Readonly<Record<string, string>> = { jwt: 'token', mtls: 'certificate' };

/** Whoever comes in another way is nobody to the program, or is believed for a header that another proof has filled. */
const listenerMode = defineRule('CFG-3', 'listener-mode', {
  appliesTo: [TASK_DEFINITION],
  extent: 'tasks of TGEFD that have a gate',
  remediation: 'Have the gate take what TGEFD_AUTH_MODE says and nothing instead of it: tokens for jwt, certificates for mtls. In CDK, TgefdAuth feeds both.',
  check: (task) => ofProfile(task, (program) => {
    const place = valueOf(program, 'TGEFD_AUTH_MODE');
    const mode = place?.partialText().text ?? '';
    const proof = Object.hasOwn(PROOFS, mode) ? PROOFS[mode] : undefined;
    // Of another mode, or of one that is not known, CFG-3.auth-mode tells.
    if (program.profile !== 'tgefd' || place === undefined || proof === undefined) return NOT_APPLICABLE;
    return each(gatesOf(task), (gate) => {
      const ways = waysOf(gate);
      return expect(ways.length > 0 && ways.every((way) => way.includes(proof)), place, `TGEFD_AUTH_MODE is ${mode}, and ${gate.name} lets callers in without a ${proof}`);
    });
  }),
});

/** What the gate verifies by itself, or a load balancer for it; a key is no more than the fixed token that stands behind it. */
const VERIFIED = ['token', 'certificate'];

/** What a choice of the profile says behind its name. */
const chosen = ({ choices }: ProfiledProgram, name: string): string => choices.find((choice) => choice.startsWith(name))?.slice(name.length).trim() ?? '';

/** The variable of the fixed token, for which the document has no name. */
function isRenewed(program: ProfiledProgram, place: Property, graph: TemplateGraph): readonly Outcome[] {
  const { task, secret, owner } = program;
  const variable = chosen(program, STATIC_TOKEN);
  if (variable === '') return fail(place, `AUTH_PROVIDER is static, and the profile's metadata does not say which variable holds the token (${STATIC_TOKEN}…)`);
  const token = secret.find(({ name }) => name === variable);
  if (token === undefined) return fail(placeOf(program, variable), `${owner} has its one token, ${variable}, from no secret store`);
  const kept = secretAt(token.value, task, graph);
  // What is kept in another template is judged there.
  if (kept === undefined || schedulesOf(kept, graph).length > 0) return PASS;
  const [unknown] = looseSchedules(graph);
  if (unknown) return undecidable(token.entry, `${variable} is renewed by nothing, unless ${unknown.logicalId}, whose secret is known only when deployed, does`);
  return fail(token.entry, `${owner} takes ${variable} from ${kept.logicalId}, which nothing renews: one token for everybody that never changes`);
}

const staticBehindEdge = defineRule('CFG-3', 'static-behind-edge', {
  appliesTo: [TASK_DEFINITION],
  extent: 'tasks of NodeTool with AUTH_PROVIDER=static; secrets of the templates',
  remediation: 'Put a gate in front that asks every caller for a token or a certificate, fill the program\'s token from a rotated secret, and name its variable'
    + ` and the reason among the choices of the metadata (${STATIC_TOKEN}…, ${STATIC_REASON}…). In CDK, NodeToolAuth.staticToken does.`,
  check: (task, graph) => ofProfile(task, (program) => {
    const place = valueOf(program, 'AUTH_PROVIDER');
    if (program.profile !== 'nodetool' || place?.partialText().text !== 'static') return NOT_APPLICABLE;
    const gates = gatesOf(task);
    if (gates.length === 0) return fail(place, 'AUTH_PROVIDER is static, and no gate in the task asks who calls: whoever has the one token is everybody');
    return [
      ...expect(chosen(program, STATIC_REASON) !== '', place, `AUTH_PROVIDER is static, for which the profile's metadata gives no reason (${STATIC_REASON}…)`),
      ...each(gates, (gate) => {
        const ways = waysOf(gate);
        const isAsked = ways.length > 0 && ways.every((way) => way.some((proof) => VERIFIED.includes(proof)));
        return expect(isAsked, place, `AUTH_PROVIDER is static, and ${gate.name} lets callers in with neither a token nor a certificate`);
      }),
      ...guarded(() => isRenewed(program, place, graph)),
    ];
  }),
});

export const CFG_RULES = [env, debugAndLevel, authMode, listenerMode, staticBehindEdge];
