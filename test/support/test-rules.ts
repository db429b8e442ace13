import { defineRule, expect, fail, PASS } from '../../src/checks/rule';

/** A thing must speak HTTPS. A critical control, so a finding is an error. */
export const SPEAKS_HTTPS = defineRule('TLS-1', 'test-https', {
  appliesTo: ['Test::Thing'],
  remediation: 'Speak HTTPS.',
  check: (thing) => expect(thing.prop('Protocol').text() === 'HTTPS', thing.prop('Protocol'), `speaks ${thing.prop('Protocol').text() ?? 'nothing'}`),
});

/** A thing must have a guard that points at it. */
export const IS_GUARDED = defineRule('TLS-1', 'test-guarded', {
  appliesTo: ['Test::Thing'],
  remediation: 'Guard it.',
  check: (thing, graph) => (graph.pointingAt(thing, 'Test::Guard', 'Target').length > 0 ? PASS : fail(thing.whole, 'has no guard')),
});
