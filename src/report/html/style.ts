/** The page's only style sheet; the page names its digest in its policy. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f4f6f7; --card: #ffffff; --ink: #1b2327; --soft: #4d5a63; --line: #d3dade; --link: #1a5799; --focus: #1a5799;
  --good: #17603a; --good-bg: #e2f2e8; --bad: #9c1c19; --bad-bg: #fbe5e3; --open: #6f4600; --open-bg: #fbeed2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11171b; --card: #192127; --ink: #e5eaed; --soft: #a9b5bd; --line: #333f48; --link: #90bdf3; --focus: #ffd479;
    --good: #93d9ac; --good-bg: #16321f; --bad: #ffa49d; --bad-bg: #431c1a; --open: #f1c673; --open-bg: #3a2b0c;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header, main, footer { max-width: 84rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2rem; }
footer { padding-bottom: 3rem; color: var(--soft); font-size: 0.85rem; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2.25rem 0 0.75rem; font-size: 1.15rem; }
h3 { margin: 0 0 0.35rem; font-size: 0.95rem; }
h3.small { font-size: 0.85rem; color: var(--soft); }
p { margin: 0.4rem 0; max-width: 75ch; }
a { color: var(--link); }
ul, ol { margin: 0; padding: 0; list-style: none; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.85em; }
pre { margin: 0.3rem 0 0; padding: 0.6rem 0.75rem; background: var(--page); border: 1px solid var(--line); border-radius: 4px; white-space: pre-wrap; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
.lede, .soft { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.25rem; }
.alarm { border-left: 5px solid var(--bad); margin-top: 1.25rem; }
.alarm h2 { margin: 0 0 0.4rem; }
.skip { position: absolute; left: -100vw; }
.skip:focus { position: static; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.badge { display: inline-block; padding: 0.05rem 0.5rem; border-radius: 4px; border: 1px solid transparent; font-size: 0.86rem; line-height: 1.45; }
.badge .mark { display: inline-block; width: 1em; font-weight: 700; }
.good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--open); } .none { color: var(--soft); }
.badge.good { background: var(--good-bg); border-color: var(--good); }
.badge.bad { background: var(--bad-bg); border-color: var(--bad); font-weight: 600; }
.badge.open { background: var(--open-bg); border-color: var(--open); border-style: dashed; }
.badge.none { padding-left: 0; }

.overview { display: grid; grid-template-columns: minmax(20rem, 5fr) minmax(18rem, 6fr); gap: 1.25rem; align-items: start; }
.totals { width: 100%; border-collapse: collapse; overflow-wrap: normal; }
.totals th, .totals td { padding: 0.35rem 0.4rem; border-bottom: 1px solid var(--line); text-align: right; font-variant-numeric: tabular-nums; }
.totals th[scope=row], .totals thead th:first-child { text-align: left; font-weight: 600; }
.totals thead th { font-size: 0.82rem; color: var(--soft); font-weight: 600; overflow-wrap: normal; }
.totals td.zero { color: var(--soft); }
.meaning { display: grid; grid-template-columns: max-content 1fr; gap: 0.3rem 1rem; margin: 0; }
.meaning dt { font-weight: 600; } .meaning dd { margin: 0; color: var(--soft); }
.tones { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 0.3rem 1.25rem; margin-top: 0.9rem; color: var(--soft); font-size: 0.88rem; }
.card > h3:not(:first-child) { margin-top: 1.1rem; }

.path { display: grid; grid-template-columns: 1fr 1.9fr 2.2fr 1.5fr 1fr; gap: 1.9rem; margin-bottom: 1.25rem; }
.hop { position: relative; padding: 0.8rem 0.9rem; font-size: 0.88rem; min-width: 0; }
.hop + .hop::before { content: "\\2192" / ""; position: absolute; left: -1.9rem; width: 1.9rem; top: 0.6rem; text-align: center; font-size: 1.2rem; color: var(--soft); }
.hop .facts li { margin-bottom: 0.35rem; }
.hop .facts .when { color: var(--soft); }
.hop .world { color: var(--bad); font-weight: 600; }
.chips { display: flex; flex-wrap: wrap; gap: 0.35rem; margin-top: 0.6rem; }
.chip { display: inline-flex; gap: 0.4rem; padding: 0.1rem 0.45rem; border: 1px solid var(--line); border-radius: 4px; }
.chip { text-decoration: none; font-size: 0.8rem; line-height: 1.5rem; white-space: nowrap; }
.chip:hover { border-color: var(--link); }
.marks { font-weight: 700; letter-spacing: 0.12em; }

#filters { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; padding: 0.8rem 1rem; margin-bottom: 0.75rem; }
#filters[hidden] { display: none; }
#filters label { display: grid; gap: 0.15rem; font-size: 0.82rem; color: var(--soft); }
#filters .wide { flex: 1 1 14rem; }
input, select, button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--soft); border-radius: 4px; }
input, select, button { padding: 0.35rem 0.5rem; min-height: 2.25rem; max-width: 100%; }
::placeholder { color: var(--soft); opacity: 1; }
button { cursor: pointer; }
#count { margin: 0 0 0.5rem; color: var(--soft); }

.controls { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); table-layout: fixed; }
.controls th, .controls td { padding: 0.45rem 0.65rem; text-align: left; vertical-align: top; font-weight: 400; }
.controls thead th { position: sticky; top: 0; z-index: 1; background: var(--card); box-shadow: inset 0 -2px 0 var(--line); }
.controls thead th { font-size: 0.82rem; font-weight: 600; color: var(--soft); vertical-align: bottom; }
.controls thead th:first-child { width: 30%; }
.controls .family th { padding-top: 1rem; font-weight: 700; background: var(--page); border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.controls tr[data-control] { border-top: 1px solid var(--line); scroll-margin-top: 3.5rem; }
.controls tr[data-control]:target, .controls tr[data-control]:target + .more { box-shadow: inset 5px 0 0 var(--link); }
.controls .id { font-weight: 700; white-space: nowrap; }
.severity { font-size: 0.8rem; color: var(--soft); margin-left: 0.4rem; }
.severity.critical { font-weight: 700; color: var(--ink); }
.title { display: block; }
.controls .silent th, .controls .silent td { padding-top: 0.25rem; padding-bottom: 0.25rem; }
.controls .silent .title, .controls .silent .id { font-weight: 400; color: var(--soft); font-size: 0.88rem; }
.controls .silent .badge { font-size: 0.8rem; }
.controls .more td { padding-top: 0; }
tr[hidden] { display: none; }
summary { cursor: pointer; color: var(--link); font-size: 0.86rem; width: fit-content; }
.evidence { display: grid; gap: 1rem; margin: 0.6rem 0 0.8rem; padding-left: 0.9rem; border-left: 3px solid var(--line); font-size: 0.88rem; }
.evidence > section > ul > li { margin-bottom: 0.6rem; }
.evidence dl { display: grid; grid-template-columns: 5rem 1fr; gap: 0 0.6rem; margin: 0.25rem 0 0; }
.evidence dt { color: var(--soft); } .evidence dd { margin: 0; }
.types { display: flex; flex-wrap: wrap; gap: 0.15rem 1.2rem; }
.listing li { padding: 0.45rem 0; border-top: 1px solid var(--line); }
.listing li:first-child { border-top: 0; }

.gaps { display: grid; gap: 1rem; }
.alarm dl { display: grid; grid-template-columns: 5rem 1fr; gap: 0 0.6rem; margin: 0.25rem 0 0; } .alarm dd { margin: 0; }

@media (max-width: 60rem) {
  .overview, .path { grid-template-columns: minmax(0, 1fr); }
  .path { gap: 1.7rem; }
  .hop + .hop::before { content: "\\2193" / ""; left: 0; top: -1.75rem; width: 100%; }
}
@media screen and (max-width: 46rem) {
  header, main, footer { padding-left: 0.9rem; padding-right: 0.9rem; }
  .meaning { grid-template-columns: 1fr; gap: 0; } .meaning dd { margin-bottom: 0.5rem; }
  .totals { font-size: 0.85rem; }
  .totals th, .totals td { padding: 0.3rem 0.2rem; } .totals thead th { font-size: 0.75rem; }
  .card { padding: 0.8rem 0.9rem; }
  #filters label { flex: 1 1 8rem; min-width: 0; }
  .controls, .controls tbody, .controls tr, .controls th, .controls td { display: block; width: auto; }
  .controls thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .controls tr[data-control] { padding: 0.5rem 0 0.2rem; scroll-margin-top: 1rem; }
  .controls th, .controls td { padding: 0.15rem 0.8rem; }
  .controls td[data-label] { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: 0.5rem; align-items: baseline; }
  .controls td[data-label]::before { content: attr(data-label) / ""; color: var(--soft); font-size: 0.8rem; }
  .controls .badge { justify-self: start; }
  .controls .more td { padding: 0.2rem 0.8rem 0.6rem; }
  .controls [hidden] { display: none; }
  .evidence dl { grid-template-columns: 1fr; }
}
@media print {
  :root { --page: #fff; --card: #fff; --ink: #000; --soft: #333; --line: #999; --link: #000; --good: #0b4a28; --bad: #850f0c; --open: #573600; }
  :root { --good-bg: #fff; --bad-bg: #fff; --open-bg: #fff; }
  body { font-size: 8.5pt; }
  header, main, footer { max-width: none; padding: 0; }
  #filters, .skip { display: none; }
  .controls thead th { position: static; }
  .controls thead { display: table-header-group; }
  .card, .hop, tr[data-control], .evidence li { break-inside: avoid; }
  .family, h2, h3, summary { break-after: avoid; }
  a { text-decoration: none; }
  summary { list-style: none; color: var(--ink); }
  details::details-content { content-visibility: visible; display: block; height: auto; }
}
`;
