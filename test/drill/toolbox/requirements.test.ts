import { SOURCES, WHEELS } from '../../../src/drill/toolbox/requirements';

test('every package is pinned to one exact version, and only once', () => {
  const names = [...WHEELS, ...SOURCES].map((requirement) => {
    expect(requirement).toMatch(/^[\w-]+==\d+(\.\w+)*$/);
    return requirement.split('==')[0]?.toLowerCase();
  });
  expect(new Set(names).size).toBe(names.length);
});
