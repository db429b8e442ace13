import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AuditTrail, type AuditTrailProps } from '../../src';

export type TrailProps = (stack: Stack) => AuditTrailProps;

/** A stack of nothing but an audit trail, and what its props need. */
export function trailTemplate(props: TrailProps = () => ({})): Template {
  const stack = new Stack();
  new AuditTrail(stack, 'Audit', props(stack));
  return Template.fromStack(stack);
}

/** A trail that goes with its stack. */
export const destroyed: TrailProps = () => ({ removalPolicy: RemovalPolicy.DESTROY });

export interface Found {
  readonly Properties: Record<string, unknown>;
  readonly Metadata?: Record<string, unknown>;
  readonly DependsOn?: string[];
}

/** The only resource of a type whose logical id begins so. */
export function found(given: Template, type: string, id: string): Found {
  const entries = Object.entries(given.findResources(type)).filter(([logicalId]) => logicalId.startsWith(id));
  expect(entries).toHaveLength(1);
  return entries[0]?.[1] as Found;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: object;
}

export const statements = (of: Found): Statement[] => (of.Properties.PolicyDocument as { Statement: Statement[] }).Statement;
export const actionsOf = (of: Found): string[] => statements(of).flatMap(({ Action }) => Action);
