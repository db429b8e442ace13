import { WAFV2Client } from '@aws-sdk/client-wafv2';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { serve } from '../shared/custom-resource';
import { handle, physicalIdOf } from './handle';
import { WafIpSets } from './waf-ip-sets';

const sets = new WafIpSets(new WAFV2Client());

/** 18 × 5 s stay below the function's timeout of two minutes. */
const PATIENCE = { attempts: 18, pauseMs: 5000, sleep: (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)) };

export function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  return serve({ name: 'lockdown-sets', physicalIdOf, carryOut: (asked) => handle(asked, sets, PATIENCE).then(({ attributes }) => attributes) }, event);
}
