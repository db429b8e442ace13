import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { reportOn } from '../../src/cli/report';
import { writeEvidence } from '../../src/drill/evidence-file';
import { page as pageOf } from '../../src/report/html/page';
import { COLUMNS, type ControlRow, type Report } from '../../src/report/join';
import { temporaryFolder } from '../support/checked-app';
import { launchChromium } from '../support/chromium';
import { ATTACKS } from '../../src/drill/attacks';
import { attack, digestsIn, proof, readback, whole } from '../support/evidence';
import { remoteCore } from '../support/remote-core';
import { PROGRAMS } from '../support/report';

const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
// Axe looks at thousands of elements for each of its rules.
jest.setTimeout(120_000);

const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 } };

let browser: Browser;
let report: Report;
let url: string;
/** Of a page with every kind of row, and each kind a few times: what colours and widths do to one, they do to all. */
let short: string;

/** A report with every tone in it, of an app that has something to find and something acknowledged. */
function exampleReport(): Report {
  const app = new App({ outdir: temporaryFolder() });
  const stack = new Stack(app, 'RemoteCore');
  remoteCore(stack);
  new CfnLogGroup(stack, 'Endless');
  Validations.of(new CfnLogGroup(stack, 'Answered')).acknowledge({ id: 'SecureCore::AUD-2.hot-retention', reason: 'Kept by another team.' });
  new CfnResource(stack, 'Elsewhere', { type: 'AWS::CloudFormation::Stack', properties: { TemplateURL: 'https://example.com/inner.json' } });
  app.synth();
  const place = { stack: 'RemoteCore', logicalId: 'CoreIngressLoadBalancer5C0719AE', constructPath: 'RemoteCore/Core/Ingress/LoadBalancer/Resource' };
  writeEvidence(app.outdir, whole({
    templates: digestsIn(app.outdir),
    attacks: [
      attack({ target: place }), attack({ attack: 'TLS-2.code', evidence: 'real-artefact' }),
      attack({ attack: 'IDN-3.audience', control: 'IDN-3', verdict: 'succeeded', saw: 'A token for another audience reached the Core.' }),
    ],
    parameters: [{ name: 'Policy', value: 'ELBSecurityPolicy-TLS13-1-3-2021-06' }, { name: 'Password' }],
    proofs: ATTACKS.filter(({ id }) => id === 'TLS-2.old-versions').flatMap(({ saboteurs }) => saboteurs.map(({ name }) => proof({ saboteur: name }))),
    readbacks: [readback({ place }), readback({ control: 'RTL-1', verdict: 'not-held' }), readback({ control: 'TLS-7', verdict: 'different' })],
    notEmulated: [{ place, type: 'AWS::WAFv2::WebACL', property: 'Rules', reason: 'what managed rules hold is not public' }],
    noTarget: [{ attack: 'IDN-6.none', control: 'IDN-6', reason: 'no listener asks for certificates' }],
  }));
  const joined = reportOn(app.outdir);
  const { library, compiler, digest } = PROGRAMS;
  const rows = joined.rows.map((row) => (row.control === 'TLS-2' ? { ...row, typed: { ...row.typed, programs: PROGRAMS.programs } } : row));
  return { ...joined, rows, typedAgainst: { library, compiler, digest } };
}

function written(content: Report): string {
  const file = path.join(temporaryFolder(), 'report.html');
  fs.writeFileSync(file, pageOf(content));
  return pathToFileURL(file).href;
}

async function open(options: BrowserContextOptions = {}, address = url): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const opened = await context.newPage();
  await opened.goto(address);
  return opened;
}

beforeAll(async () => {
  browser = await launchChromium();
  report = exampleReport();
  url = written(report);
  const isTelling = ({ typed, attackedRealArtefact, attackedTemplateIntent, readBack, checked }: ControlRow): boolean =>
    [typed, attackedRealArtefact, attackedTemplateIntent, readBack].some(({ tone }) => tone !== 'none') || ['bad', 'open'].includes(checked.tone);
  const rows = report.rows.filter((row, index) => isTelling(row) || index % 15 === 0);
  expect(rows.length).toBeLessThan(report.rows.length / 3);
  short = written({ ...report, rows });
});

// Where it could not be launched, that is the failure to show.
afterAll(async () => (browser as Browser | undefined)?.close());

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

async function violations(opened: Page, rules: readonly string[] = []): Promise<string[]> {
  await opened.evaluate(AXE);
  const { violations: found } = await opened.evaluate<AxeResults>(`axe.run(${JSON.stringify({ resultTypes: ['violations'], ...(rules.length > 0 ? { runOnly: rules } : {}) })})`);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

/** Not by waitForFunction, which evaluates text inside the page: its policy forbids that. */
async function until(opened: Page, condition: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await opened.evaluate(`Boolean(${condition})`)) return;
    await opened.waitForTimeout(50);
  }
  throw new Error(`It never came to pass that ${condition}.`);
}

async function visibleIds(opened: Page): Promise<(string | null)[]> {
  return Promise.all((await opened.locator('tr[data-control]:visible').all()).map(async (row) => row.getAttribute('id')));
}

const visibleRows = (opened: Page): Promise<number> => opened.locator('tr[data-control]:visible').count();

describe('The page is accessible', () => {
  test.each<[string, BrowserContextOptions, () => string]>([
    ['in the light', {}, () => url],
    ['in the dark', { colorScheme: 'dark' }, () => short],
    ['on a phone', PHONE, () => short],
    ['on a phone in the dark', { ...PHONE, colorScheme: 'dark' }, () => short],
  ])('%s, with all of its evidence unfolded', async (_, options, address) => {
    const opened = await open(options, address());
    await opened.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
    expect(await violations(opened)).toEqual([]);
  });

  test('and axe would say so if it were not', async () => {
    const opened = await open();
    await opened.evaluate('document.querySelector("h1").insertAdjacentHTML("afterend", "<input>")');
    expect((await violations(opened, ['label'])).join()).toContain('label');
  });

  test('fits a phone without scrolling sideways, even unfolded', async () => {
    const opened = await open(PHONE);
    await opened.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
    expect(await opened.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  test('has another background in the dark', async () => {
    const background = async (opened: Page): Promise<unknown> => opened.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await background(await open({ colorScheme: 'dark' }))).not.toBe(await background(await open()));
  });
});

describe('The page keeps to itself', () => {
  test('asks for nothing but its own file, and breaks no policy of its own', async () => {
    const context = await browser.newContext();
    const asked: string[] = [];
    const said: string[] = [];
    const opened = await context.newPage();
    opened.on('request', (request) => asked.push(request.url()));
    opened.on('console', (message) => said.push(message.text()));
    opened.on('pageerror', (error) => said.push(error.message));
    await opened.goto(url);
    await opened.waitForLoadState('networkidle');
    expect(asked.filter((address) => address !== 'data:,')).toEqual([url]);
    expect(said).toEqual([]);
  });

  test('runs no script and loads no picture that somebody slips in', async () => {
    const opened = await open();
    await opened.evaluate('addEventListener("securitypolicyviolation", (event) => { (window.refused ??= []).push(event.effectiveDirective); })');
    await opened.evaluate(`{
      const script = document.createElement('script'); script.textContent = 'window.pwned = true'; document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src="http://127.0.0.1:9/x.png"><p style="color: red" onclick="window.pwned = true">x</p>');
      document.body.lastElementChild.click();
    }`);
    await until(opened, 'window.refused?.length >= 4');
    expect(await opened.evaluate('[...window.refused].sort()')).toEqual(['img-src', 'script-src-attr', 'script-src-elem', 'style-src-attr']);
    expect(await opened.evaluate('window.pwned')).toBeUndefined();
  });

  test('shows hostile texts as texts in every field, even to a browser without the policy', async () => {
    const hostile = '</style></script><script>window.pwned = true</script>"onload="pwned=1\'><img src=x onerror=window.pwned=true>&lt;';
    // What the program chooses itself from a closed list is no field.
    const closed = ['tone', 'verdict', 'control', 'family', 'severity', 'controls'];
    let fields = 0;
    const poisoned = (value: unknown, key = ''): unknown => {
      if (typeof value === 'string') {
        fields += 1;
        return `${value}${hostile}`;
      }
      if (Array.isArray(value)) return closed.includes(key) ? value : value.map((entry) => poisoned(entry));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, below]) => [name, closed.includes(name) ? below : poisoned(below, name)]));
    };
    const opened = await open({ bypassCSP: true }, written(poisoned(report) as Report));
    expect(fields).toBeGreaterThan(500);
    await opened.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
    expect(await opened.evaluate('window.pwned')).toBeUndefined();
    expect(await opened.evaluate('document.querySelectorAll("script, style, img").length')).toBe(2);
    expect(await opened.evaluate('[...document.querySelectorAll("*")].flatMap((node) => node.getAttributeNames()).filter((name) => /^on|["\'<>]/.test(name))')).toEqual([]);
    expect(await opened.locator('tr#IDN-3 + tr').innerText()).toContain(`A token for another audience reached the Core.${hostile}`);
    expect(await opened.title()).toContain(hostile);
  });
});

describe('The page answers to the keyboard', () => {
  /** Presses Tab until a named control of the filters has the focus. */
  async function tabTo(opened: Page, selector: string): Promise<void> {
    for (let presses = 0; presses < 200; presses += 1) {
      await opened.keyboard.press('Tab');
      if (await opened.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    }
    throw new Error(`${selector} cannot be reached by Tab.`);
  }

  test('filters by text, severity, column and state, says how many are left, and resets', async () => {
    const opened = await open();
    const count = opened.getByRole('status');
    expect(await count.innerText()).toBe('122 of 122 controls shown');
    await tabTo(opened, '[name=text]');
    await opened.keyboard.type('another audience');
    expect(await count.innerText()).toBe('1 of 122 controls shown');
    expect(await visibleRows(opened)).toBe(1);
    expect(await opened.locator('tr.family:visible').allInnerTexts()).toEqual(['Identity']);
    await tabTo(opened, 'button[type=reset]');
    await opened.keyboard.press('Enter');
    await until(opened, 'document.getElementById("count").textContent.startsWith("122")');
    await opened.locator('[name=severity]').focus();
    await opened.keyboard.type('medium');
    const medium = report.rows.filter(({ severity }) => severity === 'medium').length;
    expect(await visibleRows(opened)).toBe(medium);
    await opened.locator('[name=severity]').selectOption('');
    await opened.locator('[name=state]').selectOption('bad');
    expect(await visibleIds(opened)).toEqual(['TLS-7', 'IDN-3', 'AUD-2']);
    await opened.locator('[name=state]').selectOption('some');
    expect(await visibleRows(opened)).toBe(report.rows.filter((row) => COLUMNS.some((column) => row[column].tone !== 'none')).length);
    await opened.locator('[name=state]').selectOption('bad');
    await opened.locator('[name=column]').selectOption('read-back');
    expect(await visibleIds(opened)).toEqual(['TLS-7']);
  });

  test('shows where the focus is, and unfolds evidence', async () => {
    const opened = await open();
    await tabTo(opened, 'tr#TLS-2 + tr summary');
    expect(await opened.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await opened.keyboard.press('Enter');
    expect(await opened.locator('tr#TLS-2 + tr').innerText()).toContain('TS2322');
    expect(await opened.locator('tr#TLS-2 + tr').innerText()).toContain('Transcript of TLS-2.old-versions');
  });

  test('a control in the drawing leads to its row, also where a filter hid it', async () => {
    const opened = await open();
    await opened.locator('[name=text]').fill('another audience');
    await opened.locator('a.chip[href="#TLS-2"]').first().focus();
    await opened.keyboard.press('Enter');
    await until(opened, 'document.querySelector("#TLS-2 + tr details").open');
    expect(await visibleRows(opened)).toBe(122);
    expect(await opened.evaluate('document.getElementById("TLS-2").getBoundingClientRect().top < innerHeight')).toBe(true);
  });
});

describe('The page tells everything', () => {
  test('the two classes of attacks in cells of their own, with their states in words', async () => {
    const opened = await open();
    const cells = await opened.locator('tr#TLS-2 td').allInnerTexts();
    expect(cells.map((text) => text.replace(/\s+/g, ' '))).toEqual([
      '– not proven: no typed.json in this package',
      '✓ passed 1 time',
      '? holds TLS-2.code, which this version does not know: drill again',
      '✓ withstood 1 attack; proven able to succeed',
      '✓ 1 same',
    ]);
    expect(await opened.locator('.chip[href="#TLS-2"] .spoken').first().textContent()).toContain('Attacked: real artefact: open, Attacked: template’s intent: holds');
  });

  test('what is not emulated, has no target, was acknowledged and could not be read', async () => {
    const opened = await open();
    await opened.locator('#open-all').click();
    const text = await opened.locator('main').innerText();
    for (const said of ['not signed', 'Password declared secret: its value is kept nowhere']) expect(text).toContain(said);
    for (const said of ['what managed rules hold is not public', 'no listener asks for certificates', 'Kept by another team.', 'names a template that is not at hand']) expect(text).toContain(said);
    expect(text).toContain(report.templates[0]?.sha256);
  });

  test('without JavaScript: every row, folded evidence that opens, and no filter that would do nothing', async () => {
    const opened = await open({ javaScriptEnabled: false });
    expect(await visibleRows(opened)).toBe(122);
    expect(await opened.locator('#filters').isVisible()).toBe(false);
    await opened.locator('tr#IDN-3 + tr summary').first().click();
    expect(await opened.getByText('A token for another audience reached the Core.').isVisible()).toBe(true);
  });

  test('on paper: transcripts unfolded, no filters, nothing beside the sheet', async () => {
    const opened = await open({ viewport: { width: 718, height: 1000 } });
    await opened.emulateMedia({ media: 'print' });
    expect(await opened.locator('#filters').isVisible()).toBe(false);
    expect(await opened.locator('details[open]').count()).toBe(0);
    expect((await opened.locator('tr#TLS-2 + tr pre').first().boundingBox())?.height).toBeGreaterThan(10);
    expect(await opened.evaluate('document.documentElement.scrollWidth')).toBe(718);
  });
});
