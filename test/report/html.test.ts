import { createHash } from 'node:crypto';
import { Html, html } from '../../src/report/html/html';
import { page } from '../../src/report/html/page';
import { evidence } from '../support/evidence';
import { reportOf } from '../support/report';
import { template } from '../support/templates';

describe('A piece of a page', () => {
  test('escapes what is put into it, in texts and in attributes', () => {
    expect(html`<a title="${'" onload="x'}">${'</style><script>&\''}</a>`.text).toBe('<a title="&quot; onload=&quot;x">&lt;/style&gt;&lt;script&gt;&amp;&#39;</a>');
  });

  test('takes other pieces as they are, lists one after the other, and nothing for nothing', () => {
    expect(html`${[html`<b>${'<'}</b>`, 1, undefined]}${new Html('<hr>')}`.text).toBe('<b>&lt;</b>1<hr>');
  });

  test('shows control characters and turned-about text as what they are', () => {
    expect(html`${'a\u0000b\u202Ec\u001b[31m'}`.text).toBe('a\\u0000b\\u202ec\\u001b[31m');
    expect(html`${'a\nb\tc'}`.text).toBe('a\nb\tc');
  });
});

describe('The page', () => {
  const report = reportOf([template({})], { evidence: evidence() });
  const text = page(report);

  test('is the same for the same artefacts', () => {
    expect(page(reportOf([template({})], { evidence: evidence() }))).toBe(text);
  });

  test('allows by digest what stands in it and nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(text)?.[1] ?? '';
    const digest = (tag: string): string => `sha256-${createHash('sha256').update(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(text)?.[1] ?? '').digest('base64')}`;
    expect(policy.replaceAll('&#39;', '\'')).toBe(`default-src 'none'; style-src '${digest('style')}'; script-src '${digest('script')}'; img-src data:; base-uri 'none'; form-action 'none'`);
    expect(text).not.toMatch(/\sstyle=|\son[a-z]+=/);
    expect(text.match(/<script/g)).toHaveLength(1);
  });

  test('asks nothing of the network', () => {
    expect(text.match(/(?:src|href)="(?!#|data:,)[^"]*"/g)).toBeNull();
    expect(text).not.toMatch(/url\(|@import/);
  });
});
