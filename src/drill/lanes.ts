import { flatten, type Template } from '../checks/template/template';
import { exportsOf, importsIn } from './emulator/imports';

/** In which lane a stack is, by its name: what is in different lanes has nothing to do with each other. */
export type LaneOf = (stack: string) => string;

/** All of it is one. */
export const ONE_LANE: LaneOf = () => '';

/** Stacks of which one takes something from another are in one lane, and so is what is nested in a stack. */
export function lanesOf(templates: readonly Template[]): LaneOf {
  const lanes = new Map(templates.map((template) => [template, template.name]));
  const exporters = new Map(templates.flatMap((template) => flatten(template).flatMap(exportsOf).map((name) => [name, template] as const)));
  for (const template of templates) {
    for (const name of flatten(template).flatMap(({ body }) => importsIn(body))) {
      const exporter = exporters.get(name);
      const [own, other] = [lanes.get(template) ?? '', exporter && lanes.get(exporter)];
      if (other !== undefined) for (const [each, lane] of lanes) if (lane === other) lanes.set(each, own);
    }
  }
  const byStack = new Map(templates.flatMap((template) => flatten(template).map(({ name }) => [name, lanes.get(template) ?? ''] as const)));
  return (stack) => byStack.get(stack) ?? '';
}

/** Does something with each, in order within a lane and side by side between lanes. Resolves to what came of each, in their order. */
export async function inLanes<T, R>(items: readonly T[], laneOf: (item: T) => string, work: (item: T) => Promise<R>): Promise<R[]> {
  const done = new Map<T, R>();
  const lanes = new Set(items.map(laneOf));
  await Promise.all([...lanes].map(async (lane) => {
    for (const item of items.filter((each) => laneOf(each) === lane)) done.set(item, await work(item));
  }));
  return items.map((item) => done.get(item) as R);
}
