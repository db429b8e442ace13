/** What CloudFormation has to be told, at an address that is a credential and therefore never logged. */
export interface Asker {
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

export type Answer =
  | { readonly Status: 'SUCCESS'; readonly PhysicalResourceId: string; readonly Data: Readonly<Record<string, string>> }
  | { readonly Status: 'FAILED'; readonly PhysicalResourceId: string; readonly Reason: string };

/** An answer that does not arrive leaves the stack waiting until its timeout, so it is given again. */
const ATTEMPTS = 3;

/** CloudFormation guide, "Custom resource response objects". */
export async function respond({ ResponseURL, StackId, RequestId, LogicalResourceId }: Asker, answer: Answer, put: typeof fetch = fetch): Promise<void> {
  const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, ...answer });
  for (let attempt = 1; ; attempt += 1) {
    const failure = await put(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } }).then(({ ok, status }) => (ok ? undefined : `HTTP ${status}`), () => 'no connection');
    if (failure === undefined) return;
    if (attempt >= ATTEMPTS) throw new Error(`CloudFormation did not take the answer: ${failure}.`);
  }
}
