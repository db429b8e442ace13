import { callersOf, castOf, isWide } from '../../../src/drill/network/cast';
import type { HostModel, PeerModel, VpcModel } from '../../../src/drill/network/model';

const place = { stack: 'Stack', logicalId: 'Id' };

function vpcOf(peer: PeerModel, internetFacing = false): { readonly vpc: VpcModel; readonly balancer: HostModel } {
  const balancer: HostModel = {
    key: 'Stack/LoadBalancer', place, role: 'load-balancer', address: '10.0.0.4', table: 'main', groups: ['group'], ports: [443], front: { ports: [443], internetFacing, targets: [] },
  };
  const other = { protocol: 'tcp', from: 22, to: 22, peer: { kind: 'cidr', cidr: '10.99.0.0/16' } } as const;
  const groups = [{ key: 'group', ingress: [{ protocol: 'tcp', from: 443, to: 443, peer } as const, other], egress: [] }];
  return { balancer, vpc: { place, cidr: '10.0.0.0/16', tables: [{ key: 'main', routes: [] }], groups, hosts: [balancer], firewalls: [], names: [] } };
}

test.each<[string, PeerModel, boolean, unknown]>([
  ['a private block', { kind: 'cidr', cidr: '10.20.0.0/16' }, true, { address: '10.20.0.1', via: 'peer' }],
  ['a public block, to a load balancer on the internet', { kind: 'cidr', cidr: '192.0.2.8/32' }, true, { address: '192.0.2.8', via: 'internet' }],
  ['a public block, to an internal load balancer', { kind: 'cidr', cidr: '192.0.2.8/32' }, false, { address: '192.0.2.8', via: 'peer' }],
  ['a list that is only named', { kind: 'prefix-list', key: 'pl-1' }, false, { address: '198.18.1.1', via: 'peer', prefixList: 'pl-1' }],
  ['a list of the templates', { kind: 'prefix-list', key: 'List', cidrs: ['10.30.0.0/24'] }, false, { address: '10.30.0.1', via: 'peer' }],
  ['a group that nobody carries', { kind: 'group', key: 'sg-1' }, false, 'drill/sg-1'],
  ['the VPC itself', { kind: 'cidr', cidr: '10.0.0.0/16' }, false, 'drill/stranger'],
])('%s has a caller, and other ports have none', (_, peer, internetFacing, caller) => {
  const { vpc, balancer } = vpcOf(peer, internetFacing);
  expect(callersOf(vpc, balancer)).toEqual([caller]);
});

test('a stranger of a connected network is in no block that is named', () => {
  const { vpc } = vpcOf({ kind: 'cidr', cidr: '10.254.0.0/16' });
  expect(castOf(vpc).outside[0]).toEqual({ address: '172.30.254.7', via: 'peer' });
});

test('a block so wide that it names nobody does not make everybody a caller', () => {
  const { vpc } = vpcOf({ kind: 'cidr', cidr: '0.0.0.0/0' });
  expect(castOf(vpc).outside[0]).toEqual({ address: '10.254.0.7', via: 'peer' });
  expect([isWide('0.0.0.0/1'), isWide('10.0.0.0/8')]).toEqual([true, false]);
});
