import { WAFV2Client } from '@aws-sdk/client-wafv2';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { type Answer, respond } from '../shared/respond';
import { handle, physicalIdOf } from './handle';
import { WafIpSets } from './waf-ip-sets';

const sets = new WafIpSets(new WAFV2Client());

/** CloudFormation takes answers of up to 4096 bytes (CloudFormation guide, "Custom resource response objects"); the ids beside the reason need some. */
const MAX_REASON = 1000;

/** 18 × 5 s stay below the function's timeout of two minutes. */
const PATIENCE = { attempts: 18, pauseMs: 5000, sleep: (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)) };

/** An answer that does not arrive fails the function, which Lambda then runs again: what it has done already is not done twice. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  console.log(JSON.stringify({ event: 'lockdown-sets', request: event.RequestType, resource: event.LogicalResourceId }));
  await respond(event, await answerTo(event));
}

async function answerTo(event: CloudFormationCustomResourceEvent): Promise<Answer> {
  try {
    const { physicalId, attributes } = await handle(event, sets, PATIENCE);
    return { Status: 'SUCCESS', PhysicalResourceId: physicalId, Data: attributes };
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
    console.error(JSON.stringify({ event: 'lockdown-sets-failed', reason }));
    return { Status: 'FAILED', PhysicalResourceId: fallbackId(event), Reason: reason.slice(0, MAX_REASON) };
  }
}

/** CloudFormation refuses an answer without a physical id. */
function fallbackId(event: CloudFormationCustomResourceEvent): string {
  try {
    return physicalIdOf(event) || event.LogicalResourceId;
  } catch {
    return event.LogicalResourceId;
  }
}
