import { covers, matches, reaches } from '../../../src/checks/rules/idn-admin-paths';

describe('a path pattern', () => {
  test.each([
    ['/admin', true, false], ['/admin/*', false, true], ['/admin*', true, true], ['/*', true, true], ['*', true, true], ['/adm?n', true, false],
    ['/a*n', true, true], ['/admin/keys', false, true], ['/*/keys', false, true], ['*/*', true, true], ['/admin/?', false, true], ['/?????/keys', false, true],
    ['*keys', false, true], ['/admins', false, false], ['/v1/*', false, false], ['/administrator/*', false, false], ['/Admin', false, false], ['/', false, false], ['', false, false],
  ])('%s takes /admin: %s, something below: %s', (pattern, itself, below) => {
    expect(reaches(pattern, '/admin')).toBe(itself);
    expect(reaches(pattern, '/admin/')).toBe(below);
  });

  test.each([
    ['/admin', true, false], ['/admin/*', false, true], ['/admin*', true, true], ['/*', true, true], ['*', true, true], ['/adm?n*', true, true], ['/a*', true, true],
    ['/admin/keys*', false, false], ['/admin/?*', false, false], ['/*/keys', false, false], ['/admin/', false, false], ['/v1/*', false, false], ['/?????/*', false, true],
  ])('%s takes every request for /admin: %s, everything below: %s', (pattern, itself, below) => {
    expect(covers(pattern, '/admin')).toBe(itself);
    expect(covers(pattern, '/admin/')).toBe(below);
  });

  test('is met with its stars and question marks', () => {
    expect(['/a', '/ab', '/abc', 'a'].map((path) => matches('/a?*', path))).toEqual([false, true, true, false]);
    expect(matches('**', '')).toBe(true);
  });
});
