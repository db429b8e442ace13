import { Token } from 'aws-cdk-lib';
import type { ILoadBalancerV2 } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AaaaRecord, ARecord, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct, IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';

/** Points a host name at a load balancer. */
export function aliasRecords(parent: Construct, zone: IHostedZone, domainName: string, loadBalancer: ILoadBalancerV2, dualStack: boolean): void {
  checkInZone(parent, zone.zoneName, domainName);
  const target = RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer));
  // With the dot at its end the name is whole, and no zone name is put behind it.
  const recordName = `${domainName}.`;
  new ARecord(parent, 'Alias', { zone, recordName, target });
  if (dualStack) new AaaaRecord(parent, 'AliasIpv6', { zone, recordName, target });
}

function checkInZone(scope: IConstruct, zoneName: string, domainName: string): void {
  if (Token.isUnresolved(zoneName) || Token.isUnresolved(domainName)) return;
  const zone = zoneName.toLowerCase().replace(/\.$/, '');
  if (`.${domainName.toLowerCase()}`.endsWith(`.${zone}`)) return;
  throw invalidProp(scope, 'aliasZone', zoneName, `Name the hosted zone that ${domainName} lies in.`);
}
