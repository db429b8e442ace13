/** What an audit of dependencies came to. That nobody could look is no finding, and never taken for none. */
export type Verdict =
  | { readonly state: 'clean'; readonly what: string }
  | { readonly state: 'found'; readonly findings: readonly string[] }
  | { readonly state: 'not audited'; readonly why: string };

/** Said on one line each; findings one below the other. */
export function verdictText(of: string, verdict: Verdict): string {
  if (verdict.state === 'clean') return `${of}: no known vulnerability of high or critical severity in ${verdict.what}.`;
  if (verdict.state === 'found') return [`${of}: VULNERABLE`, ...verdict.findings.map((finding) => `  ${finding}`)].join('\n');
  return `${of}: NOTHING WAS AUDITED, since ${verdict.why}.`;
}
