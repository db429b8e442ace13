import { COLUMNS, type ControlRow, type DrawnPath } from '../join';
import type { Hop, ListenerFacts, ServiceFacts } from '../request-path-facts';
import { COLUMN_TITLES } from '../summary';
import type { Answer } from '../web-acl-words';
import { html, type Html } from './html';
import { MARKS, TONE_NAMES } from './parts';

/** The way of a request, hop by hop, each with the controls that are about it. */
export function pathSection(path: DrawnPath, rows: ReadonlyMap<string, ControlRow>): Html {
  const hop = (name: Hop, title: string, facts: readonly Html[]): Html => html`
<li class="hop card"><h3>${title}</h3>
<ul class="facts">${facts.map((fact) => html`<li>${fact}</li>`)}</ul>${chips(path.controls[name], rows)}</li>`;
  const callers = path.callers.map(({ source, port, isAnybody }) => html`<span class="${isAnybody ? 'world' : ''}">${isAnybody ? `Anybody (${source})` : source}</span> on port ${port}`);
  return html`<p class="soft">Through <code>${path.loadBalancer.stack}/${path.loadBalancer.logicalId}</code></p><ol class="path">
${hop('callers', 'Callers', callers.length > 0 ? callers : [html`nobody`])}
${hop('web ACL', 'Web ACL', [html`<strong>${path.webAcl.name}</strong>`, ...path.webAcl.answers.map(answerFact)])}
${hop('load balancer', `Load balancer, ${path.scheme}`, path.listeners.flatMap(listenerFacts))}
${hop('service', 'Service', path.services.length > 0 ? path.services.flatMap(serviceFacts) : [html`none in these templates`])}
${hop('log', 'Log', path.services.length > 0 ? path.services.map(({ log }) => html`${log}`) : [html`none in these templates`])}
</ol>`;
}

function listenerFacts({ protocol, port, policy, asksForCertificates, answers }: ListenerFacts): Html[] {
  return [
    html`<strong>${protocol} ${port}</strong>${policy === '' ? undefined : html`, <code>${policy}</code>`}${asksForCertificates ? ', client certificates' : undefined}`,
    ...answers.map(answerFact),
  ];
}

function answerFact({ when, answer }: Answer): Html {
  return html`<span class="when">${when} →</span> ${answer}`;
}

function serviceFacts({ count, containers }: ServiceFacts): Html[] {
  return [
    html`<strong>${count} × ${containers.map(({ name }) => name).join(' + ')}</strong>`,
    ...containers.map(({ image, user }) => html`image <code>${image}</code>, user ${user}`),
  ];
}

/** Five marks a control, one a column in the order of the table: whoever merged them would merge what proves different things. */
function chips(controls: readonly string[], rows: ReadonlyMap<string, ControlRow>): Html | undefined {
  const shown = controls.flatMap((id) => rows.get(id) ?? []);
  if (shown.length === 0) return undefined;
  return html`<ul class="chips">${shown.map((row) => html`<li><a class="chip" href="#${row.control}"><strong>${row.control}</strong><span class="marks" aria-hidden="true">${
    COLUMNS.map((column) => html`<span class="${row[column].tone}">${MARKS[row[column].tone]}</span>`)
  }</span><span class="spoken">${COLUMNS.map((column) => `, ${COLUMN_TITLES[column]}: ${TONE_NAMES[row[column].tone]}`).join('')}</span></a></li>`)}</ul>`;
}
