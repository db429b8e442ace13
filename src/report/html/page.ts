import { createHash } from 'crypto';
import { type Tone, TONES } from '../cells';
import { COLUMNS, type Column, type Report } from '../join';
import { count } from '../judge-cells';
import { COLUMN_TITLES } from '../summary';
import { acknowledgedItem, findingItem } from './evidence';
import { Html, html } from './html';
import { badge, MARKS, place, TONE_NAMES } from './parts';
import { pathSection } from './path';
import { SCRIPT } from './script';
import { STYLE } from './style';
import { controlsTable, filters } from './table';

const MEANINGS: Readonly<Record<Column, string>> = {
  typed: 'The TypeScript compiler refused unsafe programs when this package was built, and constructs of this library made every resource that the control is about here.',
  checked: 'Rules judged the synthesized templates while this page was written.',
  attackedRealArtefact: 'The drill attacked what a deployment runs: code or a file of the assembly.',
  attackedTemplateIntent: 'The drill attacked an imitation of AWS built from the templates: it proves the templates and our reading of AWS, not AWS.',
  readBack: 'What the emulator held after a deployment was compared with the templates. It confirms what a rule or an attack has shown, and shows nothing by itself.',
};

const TONE_MEANINGS: Readonly<Record<Tone, string>> = {
  good: 'an artefact of this very assembly shows it, unfolded below the control',
  bad: 'an artefact shows the opposite',
  open: 'something was tried and does not settle it, or evidence is missing',
  none: 'nobody has tried, or there is nothing here to try it on; it is neither safe nor unsafe',
};

const MARKS_EXPLAINED = html`<p class="soft">The marks beside a control are the columns of the table below, in its order:
${COLUMNS.map((column) => COLUMN_TITLES[column].toLowerCase()).join(', ')}.</p>`;

const TRUST = html`The evidence of the drill is bound to these templates by their digests, and is <strong>not signed</strong>:
whoever can write to the assembly can write evidence, or leave some out. Evidence that lacks an attack known to this version counts as open. Where you do not
trust the machine that ran the drill, run <code>cdk-secure-core drill --prove</code> yourself; it needs no AWS account.`;

/** One self-contained page. It asks nothing of the network and runs nothing but what its policy names by digest; without scripts all of it can be read. */
export function page(report: Report): string {
  const rows = new Map(report.rows.map((row) => [row.control as string, row]));
  const policy = `default-src 'none'; style-src '${digest(STYLE)}'; script-src '${digest(SCRIPT)}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const stacks = report.templates.map(({ stack }) => stack);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Security report of ${stacks.join(', ')}</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE)}</style>
</head>
<body>
<header>
<a class="skip" href="#controls">Skip to the controls</a>
<h1>Security report of ${stacks.join(', ')}</h1>
<p class="lede">${lede(report)}</p>
</header>
<main>
${unreadable(report)}
<h2>What holds</h2>
<div class="overview"><div class="card">${totals(report)}</div>
<dl class="card meaning">${COLUMNS.map((column) => html`<dt>${COLUMN_TITLES[column]}</dt><dd>${MEANINGS[column]}</dd>`)}</dl></div>
<ul class="tones">${TONES.map(legend)}</ul>
<h2>The way of a request</h2>
${report.paths.length > 0 ? MARKS_EXPLAINED : html`<p>No application load balancer in these templates.</p>`}
${report.paths.map((path) => pathSection(path, rows))}
<h2 id="controls">Controls</h2>
${filters()}
${controlsTable(report.rows)}
<h2>What proves nothing here</h2>
${gaps(report)}
<h2>What this page is about</h2>
<div class="card">${about(report)}</div>
</main>
<footer><p>Written by cdk-secure-core from the assembly, ${report.drill ? 'its evidence' : 'without evidence'} and the package’s compiled programs. The same artefacts give the same page.</p></footer>
<script>${new Html(SCRIPT)}</script>
</body>
</html>
`.text;
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function lede({ resources, rows, drill }: Report): Html {
  const about = html`${count(resources, 'resource')} judged against ${count(rows.length, 'control')}.`;
  if (!drill) return html`${about} Not attacked: run <code>cdk-secure-core drill</code>.`;
  const { run, succeeded } = drill.proofs;
  const proofs = run > 0
    ? html`With a protection taken away, ${succeeded} of ${count(run, 'repeated attack')} succeeded, as all of them must.`
    : html`Whether the attacks can succeed at all was not tried: run <code>cdk-secure-core drill --prove</code>.`;
  return html`${about} ${count(drill.attacks, 'attack')} carried out on this machine through ${drill.engines.join(', ')}, without AWS. ${proofs}`;
}

function legend(tone: Tone): Html {
  return html`<li><span class="${tone}"><span aria-hidden="true">${MARKS[tone]}</span> <strong>${TONE_NAMES[tone]}</strong></span>: ${TONE_MEANINGS[tone]}</li>`;
}

function totals({ rows, totals: counts }: Report): Html {
  const head = TONES.map((tone) => html`<th scope="col"><span class="${tone}" aria-hidden="true">${MARKS[tone]}</span> ${TONE_NAMES[tone]}</th>`);
  const line = (column: Column): Html => html`<tr><th scope="row">${COLUMN_TITLES[column]}</th>${
    TONES.map((tone) => html`<td class="${counts[column][tone] === 0 ? 'zero' : tone}">${counts[column][tone]}</td>`)
  }</tr>`;
  return html`<table class="totals"><caption class="spoken">How many of ${rows.length} controls are in which state, by column</caption>
<thead><tr><th scope="col">of ${rows.length}</th>${head}</tr></thead>
<tbody>${COLUMNS.map(line)}</tbody></table>`;
}

function unreadable({ unreadable: findings }: Report): Html | undefined {
  if (findings.length === 0) return undefined;
  return html`<section class="card alarm"><h2>${badge('bad', 'Not judged')}</h2><p>No rule could see into the following, so no column below speaks of it.</p>
${listing(findings.map(findingItem))}</section>`;
}

function listing(items: readonly Html[]): Html {
  return items.length === 0 ? html`<p class="soft">Nothing.</p>` : html`<ul class="listing">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function gaps({ drill, rows, acknowledgedUnreadable, unjudgedTypes }: Report): Html {
  const card = (title: string, items: readonly Html[]): Html => html`<section class="card"><h3>${title}</h3>${listing(items)}</section>`;
  const types = unjudgedTypes.length === 0 ? listing([]) : html`<ul class="types">${unjudgedTypes.map((type) => html`<li><code>${type}</code></li>`)}</ul>`;
  const notEmulated = drill?.notEmulated.map(({ place: at, type, property, reason }) => html`${place(at)} <span class="soft">${type} ${property}</span>: ${reason}`);
  const noTarget = rows.flatMap((row) => row.noTarget).map(({ attack, control, reason }) => html`<a href="#${control}">${control}</a> <code>${attack}</code>: ${reason}`);
  return html`<div class="gaps">${notEmulated && card('Not emulated', notEmulated)}
${drill && card('Attacks without a target', noTarget)}
${acknowledgedUnreadable.length > 0 ? card('Acknowledged without being judged', acknowledgedUnreadable.map(acknowledgedItem)) : undefined}
<section class="card"><h3>Resource types that no rule looks at</h3>${types}</section></div>`;
}

function about({ templates, parameters, drill, typedAgainst }: Report): Html {
  const programs = typedAgainst && html`cdk-secure-core ${typedAgainst.library}, TypeScript ${typedAgainst.compiler}, SHA-256 <code>${typedAgainst.digest}</code>`;
  const secret = html`<span class="soft">declared secret: its value is kept nowhere</span>`;
  const chosen = parameters.map(({ name, value }) => html`<code>${name}</code> ${value === undefined ? secret : html`= <code>${value}</code>`}`);
  return html`<h3>How far it can be trusted</h3>
<p>${drill ? TRUST : 'Nothing was attacked. What is typed and checked was found out while this page was written.'}</p>
<h3>Templates</h3>${listing(templates.map(({ stack, file, sha256 }) => html`${stack}: <code>${file}</code>, SHA-256 <code>${sha256}</code>`))}
<h3>Parameters</h3>${chosen.length === 0 ? html`<p class="soft">Every parameter has its default, or there is none.</p>` : listing(chosen)}
<h3>Stood in for AWS</h3><p>${drill ? drill.engines.join(', ') : 'nothing: there is no evidence of a drill'}</p>
<h3>Programs that do not compile</h3><p>${programs ?? 'not proven: no typed.json in this package'}</p>`;
}
