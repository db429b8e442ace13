import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { brokerTable, grantTableKey, KEY_WRITES } from './broker-tables';
import { DUE_PARTITION, leaseKey, ROSTER_PARTITION, workerKey } from './items/contract';

/** What the broker alone knows: nonces, workers, leases and how often who asked. Nobody else writes there but what ends leases and what rotates after them, each in its part. */
export class StateTable extends Construct {
  public readonly table: dynamodb.ITable;

  public constructor(scope: Construct, id: string, props: { readonly encryptionKey?: kms.IKey; readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    this.table = brokerTable(this, 'state', props);
  }

  /** Lets the broker do its work: single items and transactions over them, and one partition as a list. It scans nothing. */
  public grantServe(broker: iam.IGrantable): void {
    this.grant(broker, 'StateItems', ['BatchGetItem', 'DeleteItem', 'PutItem', 'UpdateItem']);
    this.grant(broker, 'Roster', ['Query'], ROSTER_PARTITION);
  }

  /** Lets what hears of stopped tasks end the leases of their workers. */
  public grantExit(exit: iam.IGrantable): void {
    this.grant(exit, 'EndLeases', ['UpdateItem'], workerKey('*').pk);
  }

  /** Lets what rotates after checkouts see which are over, and strike them off. */
  public grantSweep(sweep: iam.IGrantable): void {
    this.grant(sweep, 'WhatIsDue', ['DeleteItem', 'PutItem', 'Query'], DUE_PARTITION);
    this.grant(sweep, 'Leases', ['GetItem'], leaseKey('*', '').pk);
  }

  /** @param partition the only one, with `*` for anything; a request has no key of its own in a scan, and `ForAllValues` would be true of it (IAM guide, "Multivalued context keys") */
  private grant(grantee: iam.IGrantable, sid: string, actions: string[], partition?: string): void {
    grantTableKey(this.table, grantee, KEY_WRITES);
    const conditions = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [partition] }, 'Null': { 'dynamodb:LeadingKeys': 'false' } };
    grantee.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
      sid,
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [this.table.tableArn],
      ...(partition !== undefined && { conditions }),
    }));
  }
}
