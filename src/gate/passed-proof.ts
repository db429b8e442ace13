import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import type { IdentityConfiguration, PassedConfiguration } from './contract';
import { isSpokenFor, passedHeaderOf } from './headers/contract';
import type { ToldHeaders } from './told-headers';

const PROP = 'gate.passes';

/** Letters, digits and hyphens: of any other name some server makes one that the gate removes (M-13). */
const HEADER = /^[a-z][a-z0-9-]{0,63}$/i;

/**
 * Which credential of a caller his Core is shown, for one that verifies it itself (TG-02, NT-21, CX-05, TS-39).
 *
 * Only what the gate has verified is passed, and only where it let the caller in; whatever else he sent stays withheld. A Core that is broken into sees live credentials
 * then, so leave it out wherever the name of the caller is enough.
 */
export class PassedProof {
  /** The token, as `Authorization: Bearer …`. */
  public static token(): PassedProof {
    return new PassedProof('token', 'authorization');
  }

  /**
   * The API key.
   *
   * @param header which carries it to the Core; `authorization` carries it as a bearer token (C-04). By default that of `GateProof.apiKeys`, also where the caller sent it as a bearer token.
   */
  public static key(header?: string): PassedProof {
    return new PassedProof('key', header);
  }

  /**
   * The token, with its scheme in lower case, for a Core that compares it byte for byte (TG-11, M-38).
   *
   * @internal
   */
  public static _tokenInLowerCase(): PassedProof {
    return new PassedProof('token', 'authorization', 'bearer');
  }

  // Two of them are required: what has no required private member can be imitated.
  private constructor(private readonly proof: PassedConfiguration['proof'], private readonly header: string | undefined, private readonly scheme?: 'bearer') {}

  /**
   * As the gate is told.
   *
   * @internal
   */
  public _serialize(scope: IConstruct, { tokens, key }: Pick<IdentityConfiguration, 'tokens' | 'key'>, told: ToldHeaders): PassedConfiguration {
    const passed = this.proof === 'token' ? this.tokenPassed(scope, tokens) : this.keyPassed(scope, key);
    checkFree(scope, passedHeaderOf(passed), told);
    return passed;
  }

  private tokenPassed(scope: IConstruct, tokens: IdentityConfiguration['tokens']): PassedConfiguration {
    if (tokens.length === 0) throw invalidProp(scope, PROP, 'token', 'No listener takes tokens, so there is none to pass: name an authorizer by tokens, or take it out.');
    return { proof: 'token', ...(this.scheme && { scheme: this.scheme }) };
  }

  private keyPassed(scope: IConstruct, key: IdentityConfiguration['key']): PassedConfiguration {
    if (!key) throw invalidProp(scope, PROP, 'key', 'No listener takes API keys, so there is none to pass: add GateProof.apiKeys(), or take it out.');
    const header = this.header ?? key.header;
    if (Token.isUnresolved(header)) throw invalidProp(scope, `${PROP}.header`, header, 'Write the header out: whether it is free has to be known at synthesis.');
    const name = header.toLowerCase();
    if (!HEADER.test(header)) throw invalidProp(scope, `${PROP}.header`, header, 'Name a header of letters, digits and hyphens, such as X-API-Key, at most 64.');
    if (isSpokenFor(name)) throw invalidProp(scope, `${PROP}.header`, header, 'That header has another meaning: name one that carries nothing else, such as X-API-Key or authorization.');
    return { proof: 'key', header: name };
  }
}

function checkFree(scope: IConstruct, header: string, { identityHeader, scopesHeader, keyHeader }: ToldHeaders): void {
  if (header === keyHeader) {
    const todo = 'gate.coreKey is sent in it: name another header for one of them. A Core that knows callers by their credentials needs no key of the gate\'s.';
    throw invalidProp(scope, PROP, `a credential in ${header}`, todo);
  }
  if (header === identityHeader || header === scopesHeader) throw invalidProp(scope, PROP, `a credential in ${header}`, 'That header tells the Core who calls: name another one.');
}
