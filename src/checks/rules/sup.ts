import { all, defineRule, each, expect, fail, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { TemplateGraph } from '../template/template-graph';

const REPOSITORY = 'AWS::ECR::Repository';
const REGISTRY_SCANNING = 'AWS::ECR::RegistryScanningConfiguration';

/** When the rules of a registry scan an image (Amazon ECR API, RegistryScanningRule). */
const SCANNING = ['SCAN_ON_PUSH', 'CONTINUOUS_SCAN'];

/** Whether the registry scans all that is pushed, whatever its repositories say: a filter of one star is every repository. */
function scansEverything(graph: TemplateGraph): boolean {
  return graph.ofType(REGISTRY_SCANNING).some((registry) => registry.prop('Rules').items().some((rule) => SCANNING.includes(rule.get('ScanFrequency').text() ?? '')
    && rule.get('RepositoryFilters').items().some((filter) => filter.get('Filter').text() === '*')));
}

/** NT-63. What is pulled from elsewhere is named by digest (CTR-1), and scanned by whoever pushes it into a repository here. */
const scanned = defineRule('SUP-1', 'scan-on-push', {
  extent: 'repositories of Amazon ECR',
  appliesTo: [REPOSITORY],
  remediation: 'Set ImageScanningConfiguration.ScanOnPush to true, or let the registry scan all repositories (AWS::ECR::RegistryScanningConfiguration).',
  check(repository, graph) {
    const place = repository.prop('ImageScanningConfiguration').get('ScanOnPush');
    if (place.exists && place.flag() === true) return PASS;
    if (scansEverything(graph)) return PASS;
    return fail(place, 'is not true, so nobody learns of what is known to be wrong with an image before it runs');
  },
});

function leavesNoTagOut(filter: Property): readonly Outcome[] {
  const text = filter.get('ImageTagMutabilityExclusionFilterValue').text() ?? '';
  return expect(!/^\*+$/.test(text), filter, 'leaves every tag out, so what was scanned can be replaced under the same tag');
}

const immutable = defineRule('SUP-1', 'immutable-tags', {
  extent: 'repositories of Amazon ECR',
  appliesTo: [REPOSITORY],
  remediation: 'Set ImageTagMutability to IMMUTABLE.',
  check(repository) {
    const place = repository.prop('ImageTagMutability');
    return all(
      () => expect(/^IMMUTABLE(_WITH_EXCLUSION)?$/.test(place.text() ?? ''), place, 'is not IMMUTABLE, so what was scanned can be replaced under the same tag'),
      () => each(repository.prop('ImageTagMutabilityExclusionFilters').items(), leavesNoTagOut),
    );
  },
});

export const SUP_RULES = [scanned, immutable];
