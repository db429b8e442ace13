/** The page's only script: filters over a page that can be read without it. The page names its digest in its policy. */
export const SCRIPT = `
'use strict';
(() => {
  const form = document.getElementById('filters');
  const count = document.getElementById('count');
  const controls = [...document.querySelectorAll('tr[data-control]')].map((row) => {
    const more = row.nextElementSibling !== null && row.nextElementSibling.classList.contains('more') ? row.nextElementSibling : undefined;
    return { row, more, text: (row.textContent + ' ' + (more ? more.textContent : '')).toLowerCase() };
  });
  const families = [...document.querySelectorAll('tr.family')];

  const wanted = (name) => form.elements.namedItem(name).value;
  const toneFits = (row, column, tone) => tone === '' || (column === '' ? [...document.querySelectorAll('#column option')].map((option) => option.value).filter((value) => value !== '') : [column])
    .some((name) => (tone === 'some' ? row.getAttribute('data-' + name) !== 'none' : row.getAttribute('data-' + name) === tone));

  const apply = () => {
    const words = wanted('text').toLowerCase().split(/\\s+/).filter((word) => word !== '');
    let shown = 0;
    for (const { row, more, text } of controls) {
      const fits = (wanted('family') === '' || row.dataset.family === wanted('family'))
        && (wanted('severity') === '' || row.dataset.severity === wanted('severity'))
        && toneFits(row, wanted('column'), wanted('state'))
        && words.every((word) => text.includes(word));
      row.hidden = !fits;
      if (more) more.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const family of families) {
      family.hidden = ![...family.parentElement.querySelectorAll('tr[data-control]')].some((row) => !row.hidden);
    }
    count.textContent = shown + ' of ' + controls.length + ' controls shown';
  };

  const showTarget = () => {
    const found = controls.find(({ row }) => '#' + row.id === location.hash);
    if (!found) return;
    if (found.row.hidden) { form.reset(); apply(); }
    const details = found.more && found.more.querySelector('details');
    if (details) details.open = true;
    found.row.scrollIntoView();
  };

  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(apply));
  document.getElementById('open-all').addEventListener('click', (event) => {
    const open = event.currentTarget.getAttribute('aria-pressed') !== 'true';
    event.currentTarget.setAttribute('aria-pressed', String(open));
    document.querySelectorAll('.more > td > details').forEach((details) => { details.open = open; });
  });
  addEventListener('hashchange', showTarget);

  // For browsers that cannot show what is folded by style alone.
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll('details:not([open])')];
    closed.forEach((details) => { details.open = true; });
  });
  addEventListener('afterprint', () => closed.forEach((details) => { details.open = false; }));

  form.hidden = false;
  apply();
  showTarget();
})();
`;
