import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { Reference } from '../template/value';
import { isAnywhere, isTopLevel, namesHost, type PassRule, passRulesIn, type Variables } from './suricata';

export const FIREWALL_POLICY = 'AWS::NetworkFirewall::FirewallPolicy';
const RULE_GROUP = 'AWS::NetworkFirewall::RuleGroup';

/** What drops a packet that no stateful rule names; the others let it through or only tell of it (AWS Network Firewall API, FirewallPolicy). */
const DROPS = /^aws:drop_(strict|established(_app_layer(_to_server)?)?)$/;

/** What a stateless default may do: drop, or leave it to the stateful rules. */
const STATELESS = ['aws:drop', 'aws:forward_to_sfe'];

/** Other words beside them are names of metrics. */
function passesNothing(actions: Property): readonly Outcome[] {
  return expect(actions.items().some((action) => STATELESS.includes(action.text() ?? '')), actions, 'lets packets pass before the stateful rules have seen them');
}

/** Groups that AWS keeps refuse and report, and pass nothing (Network Firewall guide, "AWS managed rule groups"). */
const KEPT_BY_AWS = /:aws-managed:stateful-rulegroup\//;

/** With a default to drop, what passes is what the rule groups pass: that of a group which is not at hand is not known. */
function passesWhatIsKnown(reference: Property): readonly Outcome[] {
  const place = reference.get('ResourceArn');
  const { value } = place;
  if (value instanceof Reference && value.resource.type === RULE_GROUP) return PASS;
  const { text } = place.partialText();
  return KEPT_BY_AWS.test(text) ? PASS : undecidable(place, `${text} is in none of the templates, so what it lets out is not known`);
}

const policy = defineRule('NET-5', 'firewall-policy', {
  appliesTo: [FIREWALL_POLICY],
  remediation: 'Set StatelessDefaultActions to aws:forward_to_sfe, RuleOrder to STRICT_ORDER and StatefulDefaultActions to aws:drop_established.',
  check(resource) {
    const firewall = resource.prop('FirewallPolicy');
    const defaults = firewall.get('StatefulDefaultActions');
    const order = firewall.get('StatefulEngineOptions.RuleOrder');
    return all(
      () => passesNothing(firewall.get('StatelessDefaultActions')),
      () => passesNothing(firewall.get('StatelessFragmentDefaultActions')),
      () => expect(defaults.items().some((action) => DROPS.test(action.text() ?? '')), defaults, 'lets out what no rule names: a list of names to allow is none without it'),
      // Default actions are taken in this order alone.
      () => expect(order.text() === 'STRICT_ORDER', order, 'is not STRICT_ORDER, so the default to drop is not taken'),
      ...['StatefulRuleGroupReferences', 'StatelessRuleGroupReferences'].map((list) => () => each(firewall.get(list).items(), passesWhatIsKnown)),
    );
  },
});

/** Defaults that wait for a connection: what needs none, such as a datagram, is on its way before they look (Network Firewall guide, "Strict evaluation order"). */
const WAITS = /^aws:drop_established/;
const TCP = 6;

/** What a stateless rule hands on that is not TCP. */
function handsOnTcp(rule: Property): readonly Outcome[] {
  const definition = rule.get('RuleDefinition');
  if (!definition.get('Actions').items().some((action) => action.text() === 'aws:forward_to_sfe')) return PASS;
  const protocols = definition.get('MatchAttributes.Protocols').items();
  const isTcp = protocols.length > 0 && protocols.every((protocol) => protocol.number() === TCP);
  return isTcp ? PASS : fail(rule, HANDS_ON_MORE, 'warning');
}

const HANDS_ON_MORE = 'hands on more than TCP, and the default to drop waits for a connection: a datagram that needs none carries data out';

const handshakes = defineRule('NET-5', 'firewall-handshakes', {
  appliesTo: [FIREWALL_POLICY],
  remediation: 'Set StatelessDefaultActions to aws:drop and hand on TCP alone by a stateless rule (Protocols 6), or drop with aws:drop_strict.',
  check(resource) {
    const firewall = resource.prop('FirewallPolicy');
    const waits = firewall.get('StatefulDefaultActions').items().some((action) => WAITS.test(action.text() ?? ''));
    if (!waits) return NOT_APPLICABLE;
    const defaults = firewall.get('StatelessDefaultActions');
    const groups = firewall.get('StatelessRuleGroupReferences').items().map((reference) => reference.get('ResourceArn').value);
    return all(
      () => (defaults.items().some((action) => action.text() === 'aws:forward_to_sfe') ? fail(defaults, HANDS_ON_MORE, 'warning') : PASS),
      ...groups.map((group) => () => {
        // A group that is not at hand is told of above.
        if (!(group instanceof Reference) || group.resource.type !== RULE_GROUP) return PASS;
        return each(group.resource.prop('RuleGroup.RulesSource.StatelessRulesAndCustomActions.StatelessRules').items(), handsOnTcp);
      }),
    );
  },
});

/** Domains below which anybody gets a name of their own for the asking; the list is far from whole. */
const SHARED = /^[.*]+(((s3|execute-api)[.-])?([a-z]{2}(-[a-z]+)+-\d\.)?amazonaws\.com|s3\.amazonaws\.com|on\.aws|(cloudfront|azurewebsites|azurefd)\.net|(blob\.)?core\.windows\.net|(github|netlify)\.(io|app)|(vercel|web|run|netlify)\.app|(workers|pages)\.dev|(herokuapp|appspot|firebaseapp)\.com|(co|com|org|net|ac)\.[a-z]{2})\.?$/i;

function namesHosts(list: Property): readonly Outcome[] {
  // The other lists refuse, or only tell (Network Firewall API, RulesSourceList).
  if (!list.exists || list.get('GeneratedRulesType').text() !== 'ALLOWLIST') return NOT_APPLICABLE;
  return each(list.get('Targets').items(), (target) => {
    const { text, complete } = target.partialText();
    if (complete && SHARED.test(text)) return fail(target, `"${text}" is a domain below which anybody gets a name: say which`, 'warning');
    return expect(!complete || !isTopLevel(text), target, `"${text}" is a whole top-level domain, where anybody may register a name`);
  });
}

/** Variables of the rule group; the defaults for both networks are the firewall's. */
function variablesOf(group: Resource): Variables {
  const sets = new Map(group.prop('RuleGroup.RuleVariables.IPSets').entries());
  return (name) => sets.get(name)?.get('Definition').items().map((member) => member.partialText().text);
}

const OPEN = 'passes traffic to anywhere, whatever name it is for';

function isOpen(rule: PassRule, variables: Variables): boolean {
  const ends = rule.isBothWays ? [rule.source, rule.destination] : [rule.destination];
  return ends.some((end) => isAnywhere(end, variables)) && !namesHost(rule);
}

function passesNamed(rules: Property, variables: Variables): readonly Outcome[] {
  const passing = passRulesIn(rules.partialText().text);
  if (passing.some((rule) => rule && isOpen(rule, variables))) return fail(rules, `has a rule that ${OPEN}`);
  return passing.includes(undefined) ? undecidable(rules, 'has a pass rule that cannot be read, so what it lets out is not known') : PASS;
}

/** A rule by addresses and ports that lets out to anywhere; options of it may name a host. */
function statefulPasses(rule: Property, variables: Variables): readonly Outcome[] {
  const options = rule.get('RuleOptions').items().map((option) => {
    const settings = option.get('Settings').items().map((setting) => setting.partialText().text).join(', ');
    return `${option.get('Keyword').text() ?? ''}${settings === '' ? '' : `: ${settings}`}`;
  });
  const header = rule.get('Header');
  const [source, destination] = ['Source', 'Destination'].map((key) => header.get(key).text() ?? 'ANY');
  const open = rule.get('Action').text() === 'PASS' && isOpen({
    protocol: header.get('Protocol').text() ?? '',
    source: source ?? '',
    destination: destination ?? '',
    isBothWays: header.get('Direction').text() === 'ANY',
    options: options.join('; '),
  }, variables);
  return expect(!open, rule, OPEN);
}

/** What passes here is seen by no stateful rule. */
function statelessPasses(rule: Property): readonly Outcome[] {
  const definition = rule.get('RuleDefinition');
  if (!definition.get('Actions').items().some((action) => action.text() === 'aws:pass')) return PASS;
  const destinations = definition.get('MatchAttributes.Destinations').items();
  const open = destinations.length === 0 || destinations.some((destination) => isAnywhere(destination.get('AddressDefinition').text() ?? 'ANY', () => undefined));
  return expect(!open, rule, 'passes traffic to anywhere before the stateful rules have seen it');
}

function passesAnywhere(group: Resource): readonly Outcome[] {
  const source = group.prop('RuleGroup.RulesSource');
  const variables = variablesOf(group);
  return all(
    () => namesHosts(source.get('RulesSourceList')),
    () => (source.get('RulesString').exists ? passesNamed(source.get('RulesString'), variables) : NOT_APPLICABLE),
    () => each(source.get('StatefulRules').items(), (rule) => statefulPasses(rule, variables)),
    () => each(source.get('StatelessRulesAndCustomActions.StatelessRules').items(), statelessPasses),
  );
}

const rules = defineRule('NET-5', 'firewall-rules', {
  appliesTo: [RULE_GROUP],
  remediation: 'Pass what names its hosts (a domain list with ALLOWLIST, or rules with tls.sni), and nothing else to addresses outside.',
  check: passesAnywhere,
});

export const NET_FIREWALL_RULES = [policy, handshakes, rules];
