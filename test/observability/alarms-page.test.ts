import * as fs from 'node:fs';
import * as path from 'node:path';
import { BROKER_ALARMS } from '../../src/broker/broker-alarm-facts';
import { ALARM_NAMES, type AlarmFacts, ALARMS, factsOf } from '../../src/observability/alarm-facts';
import { DEFAULT_FIGURES } from '../../src/observability/alarm-thresholds';
import { METRICS_INTERVAL_SECONDS } from '../../src/observability/contract';
import { BROKER_SIGNS, rowOf } from '../support/alarm-rows';

const DOCS = path.join(__dirname, '../../docs');
const OF_BROKERS: readonly (readonly [string, AlarmFacts])[] = Object.entries(BROKER_ALARMS);
const page = fs.readFileSync(path.join(DOCS, 'alarms.md'), 'utf8');

describe('The page of alarms', () => {
  test.each(ALARM_NAMES)('tells of %s what the template says', (name) => {
    expect(page.split('\n')).toContain(rowOf(name, factsOf(name), DEFAULT_FIGURES));
  });

  test.each(OF_BROKERS)('tells of %s of a broker what the template says, and where to go on', (name, facts) => {
    expect(page.split('\n')).toContain(rowOf(name, facts, DEFAULT_FIGURES, BROKER_SIGNS));
    expect(fs.existsSync(path.join(DOCS, facts.page))).toBe(true);
  });

  test('tells of no others', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(rows).toEqual([...Object.keys(ALARMS), ...Object.keys(BROKER_ALARMS)]);
  });

  test.each(ALARM_NAMES)('leads from %s to a page that is there', (name) => {
    expect(fs.existsSync(path.join(DOCS, factsOf(name).page))).toBe(true);
  });
});

describe('The table of alarms', () => {
  test.each(ALARM_NAMES)('gathers figures of %s for no shorter than a gate takes to tell them, and asks for no more of them than there are', (name) => {
    const { minutes, of: [some, all] } = factsOf(name);
    expect(minutes * 60).toBeGreaterThanOrEqual(METRICS_INTERVAL_SECONDS);
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThanOrEqual(all);
  });

  test.each(ALARM_NAMES)('says of %s why it takes silence as it does', (name) => {
    expect(factsOf(name).whySilence.split(' ').length).toBeGreaterThan(3);
  });
});
