import * as fs from 'node:fs';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

/** Every page that a reader comes to. */
function pages(): string[] {
  const below = (folder: string): string[] => fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md') && !entry.parentPath.includes('node_modules') && !entry.parentPath.includes('cdk.out'))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
  return ['README.md', 'SECURITY.md', 'CHANGELOG.md', ...['docs', 'examples', 'bench'].flatMap(below)];
}

/** What is code holds no links. */
function prose(page: string): string {
  return fs.readFileSync(path.join(ROOT, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ''));
}

/** As GitHub makes anchors of headings. */
function anchors(page: string): Set<string> {
  const text = fs.readFileSync(path.join(ROOT, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  return new Set([...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading.trim().toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')));
}

/** Links that lead nowhere, as they are written. */
function broken(page: string): string[] {
  const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^[a-z]+:/.test(link));
  return links.filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = path.relative(ROOT, path.resolve(ROOT, path.dirname(page), file === '' ? path.basename(page) : file));
    if (!fs.existsSync(path.join(ROOT, target))) return true;
    return anchor !== undefined && !anchors(target).has(anchor);
  });
}

test.each(pages())('Every link of %s leads to a page that is there, and to a heading of it', (page) => {
  expect(broken(page)).toEqual([]);
});

test('Every page of docs is linked from somewhere', () => {
  const linked = new Set(pages().flatMap((page) => [...prose(page).matchAll(/\]\(([^)\s#]+)/g)].map(([, link = '']) => path.relative(ROOT, path.resolve(ROOT, path.dirname(page), link)))));
  expect(pages().filter((page) => /^docs\/[^/]+\.md$/.test(page) && !linked.has(page))).toEqual([]);
});
