import { all, defineRule, each, expect, fail, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { covers } from './policies';

const REPOSITORY = 'AWS::ECR::Repository';
const REGISTRY_SCANNING = 'AWS::ECR::RegistryScanningConfiguration';

/** When the rules of a registry scan an image (Amazon ECR API, RegistryScanningRule). */
const SCANNING = ['SCAN_ON_PUSH', 'CONTINUOUS_SCAN'];

/** The filters by which a registry scans what is pushed. */
const filtersOf = (registry: Resource): string[] => registry.prop('Rules').items().filter((rule) => SCANNING.includes(rule.get('ScanFrequency').text() ?? ''))
  .flatMap((rule) => rule.get('RepositoryFilters').items().map((filter) => filter.get('Filter').text() ?? ''));

const EVERY = /^\*+$/;

/** Whether a registry scans all that is pushed, whatever its repositories say. */
const scansEverything = (graph: TemplateGraph): boolean => graph.ofType(REGISTRY_SCANNING).some((registry) => filtersOf(registry).some((filter) => EVERY.test(filter)));

/** Without a star a filter takes every name that it is a part of (Amazon ECR guide, "Filters to choose which repositories are scanned"). */
const takes = (filter: string, name: string): boolean => (filter.includes('*') ? covers(filter, name) : name.includes(filter));

/** Where a registry has rules, a repository that none of them takes is not scanned, whatever it says itself (the same page). */
function isScannedBy(registry: Resource, repository: Resource): readonly Outcome[] {
  const filters = filtersOf(registry);
  const place = repository.prop('RepositoryName');
  const { text, complete } = place.partialText();
  if (filters.some((filter) => EVERY.test(filter))) return PASS;
  if (filters.length > 0 && (!complete || text === '')) return undecidable(place, `is known only when deployed, and so is whether ${registry.logicalId} scans the repository`);
  return expect(filters.some((filter) => takes(filter, text)), place, `is what no rule of ${registry.logicalId} takes, so nobody learns of what is known to be wrong with an image before it runs`);
}

/** NT-63. What is pulled from elsewhere is named by digest (CTR-1), and scanned by whoever pushes it into a repository here. */
const scanned = defineRule('SUP-1', 'scan-on-push', {
  extent: 'repositories of Amazon ECR',
  appliesTo: [REPOSITORY],
  remediation: 'Set ImageScanningConfiguration.ScanOnPush to true, or let the registry scan all repositories (AWS::ECR::RegistryScanningConfiguration).',
  check(repository, graph) {
    const registry = graph.ofType(REGISTRY_SCANNING).find(({ template }) => template === repository.template);
    if (registry) return isScannedBy(registry, repository);
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
