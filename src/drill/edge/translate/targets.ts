import type { TargetModel } from '../model';
import { placeOf } from '../../place';
import type { Inspection } from './inspect';
import { Spot } from './spot';
import { TARGET_GROUP } from './types';

/** Where a forward action leads. AWS: "Action" and "TargetGroupTuple" of the Elastic Load Balancing API reference. */
export function targetsOf(action: Spot, inspection: Inspection): TargetModel[] {
  const single = action.get('TargetGroupArn');
  const tuples = action.get('ForwardConfig').get('TargetGroups').items();
  if (tuples.length === 0) return [{ ...targetOf(single, inspection), weight: 1 }];
  const [first] = tuples;
  if (single.exists && (tuples.length > 1 || first?.get('TargetGroupArn').identity() !== single.identity())) {
    single.refuse('beside a ForwardConfig it may only name the one target group of it; keep one of the two');
  }
  return tuples.map((tuple) => {
    const weight = tuple.get('Weight').whole(0, 999);
    if (weight === undefined && tuples.length > 1) tuple.refuse('the drill does not know what a target group without a weight gets beside others; give it one');
    return { ...targetOf(tuple.get('TargetGroupArn'), inspection), weight: weight ?? 1 };
  });
}

function targetOf(pointer: Spot, inspection: Inspection): Omit<TargetModel, 'weight'> {
  const targetGroup = pointer.target(TARGET_GROUP)
    ?? pointer.refuse('the target group is in none of the templates, so the drill does not know how its targets are spoken to; '
      + 'synthesize its stack in the same app and refer to the target group by object');
  inspection.inspect(targetGroup);
  const spot = Spot.of(targetGroup);
  const protocol = spot.get('Protocol');
  const isFunction = spot.get('TargetType').text() === 'lambda';
  if (isFunction && protocol.exists) protocol.refuse('a function has no protocol; take it out');
  return { targetGroup: placeOf(targetGroup), protocol: isFunction ? 'HTTP' : protocol.requiredOneOf(['HTTP', 'HTTPS']) };
}
