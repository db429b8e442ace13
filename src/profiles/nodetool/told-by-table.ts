import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { invalidProp } from '../../invalid-prop';
import { faultsIn } from '../variables/judge';

/** Refuses a text that no deployed NodeTool may be told under this name, by the prop that it came from. */
export function checkText(parent: Construct, prop: string, variable: string, text: string): void {
  if (Token.isUnresolved(text)) return;
  const told = new Map([[variable, { text, isSecret: false }]]);
  const fault = faultsIn('nodetool', told).find(({ names }) => names.length === 1 && names[0] === variable);
  if (fault) throw invalidProp(parent, prop, text, `It becomes ${variable}, which ${fault.says}.`);
}
