import { brandColors } from './brand-colors.ts';

/** One column that fits a phone, light or dark as the reader likes it, with the project's colour. */
export function portalStyle(color: string | null): string {
  const { brand, onBrand } = brandColors(color);
  return `
:root {
  color-scheme: light dark;
  --brand: ${brand};
  --on-brand: ${onBrand};
${rules}`;
}

const rules = `  --ink: light-dark(#17202e, #e8ecf3);
  --quiet: light-dark(#515c73, #a7b0c4);
  --paper: light-dark(#ffffff, #1a2130);
  --ground: light-dark(#f3f5f9, #10151f);
  --line: light-dark(#d5dae4, #343e52);
  --edge: light-dark(#7b869b, #7d89a3);
  --wrong: light-dark(#b3093c, #ff8fa8);
  --good: light-dark(#14663a, #7fd6a3);
  --warn: light-dark(#7a4b00, #f2c063);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; border-top: .375rem solid var(--brand); }
header, main, footer { max-width: 44rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between; align-items: baseline; padding-top: 1.75rem; padding-bottom: 1rem; }
header p { margin: 0; }
footer { padding-top: 1rem; padding-bottom: 2.5rem; }
.name { font-size: 1.15rem; font-weight: 700; }
h1 { margin: .5rem 0 1.25rem; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 0 0 1rem; font-size: 1.1rem; line-height: 1.3; }
h3 { margin: 0; font-size: 1.05rem; line-height: 1.4; }
p { margin: .5rem 0; }
a { color: inherit; text-underline-offset: .18em; }
section { margin: 0 0 1.25rem; padding: 1.5rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; }
section > p:first-child { margin-top: 0; }
section > h3 { margin-top: 1.25rem; }
section > table:last-child { margin-bottom: -.65rem; }
.quiet { color: var(--quiet); }
ul { list-style: none; margin: 0; padding: 0; }
li + li { margin-top: 1.25rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
.row { display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between; align-items: baseline; }
.state { font-weight: 600; font-size: .9rem; }
.good { color: var(--good); }
.warn { color: var(--warn); }
.over { color: var(--quiet); }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1rem; }
.actions form { margin: 0; }
button, .button { display: inline-flex; align-items: center; justify-content: center; min-height: 2.75rem; padding: .5rem 1.1rem; font: inherit; font-weight: 600; line-height: 1.25; text-decoration: none; text-align: center; cursor: pointer; border-radius: .5rem; color: var(--on-brand); background: var(--brand); border: 1px solid var(--edge); }
.second { color: var(--ink); background: transparent; border-color: var(--edge); }
.danger { color: var(--wrong); background: transparent; border-color: currentColor; }
button:hover, .button:hover { text-decoration: underline; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
.notice { margin: 0 0 1.25rem; padding: .9rem 1.1rem; background: var(--paper); border: 1px solid currentColor; border-left-width: .375rem; border-radius: .5rem; }
.wrong { color: var(--wrong); }
fieldset { margin: 0; padding: 0; border: 0; }
legend { padding: 0; margin-bottom: .75rem; font-weight: 600; }
.choice { display: flex; gap: .75rem; align-items: center; min-height: 3rem; padding: .6rem 1rem; margin-bottom: .6rem; border: 1px solid var(--edge); border-radius: .5rem; cursor: pointer; }
.choice:has(:checked) { outline: 2px solid var(--ink); outline-offset: -2px; }
.choice span { flex: 1; display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; }
input[type=radio] { width: 1.15rem; height: 1.15rem; margin: 0; flex: none; accent-color: var(--ink); }
label.field { display: block; margin: 1rem 0 .3rem; font-weight: 600; }
select, textarea { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--edge); border-radius: .5rem; }
select + button { margin-top: 1.25rem; }
dl { margin: 1rem 0; }
dl div { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; padding: .6rem 0; border-top: 1px solid var(--line); }
dt { color: var(--quiet); }
dd { margin: 0; font-weight: 600; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-size: .85rem; color: var(--quiet); }
th, td { padding: .65rem .75rem .65rem 0; border-top: 1px solid var(--line); vertical-align: baseline; }
thead th { border-top: 0; padding-top: 0; }
th:last-child, td:last-child { padding-right: 0; text-align: right; }
td a { display: inline-block; padding: .25rem 0; }
td a + a { margin-left: 1rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -99rem; }
.skip:focus { position: static; display: block; padding: .75rem 1.25rem; }
@media (max-width: 34rem) {
  section { padding: 1.25rem 1rem; }
  header, main, footer { padding-left: 1rem; padding-right: 1rem; }
  .actions > *, .actions button, .actions .button { width: 100%; }
  thead { position: absolute; clip-path: inset(50%); }
  tr { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .7rem 0; border-top: 1px solid var(--line); }
  tbody tr:first-child { border-top: 0; padding-top: 0; }
  tbody th, td { padding: .1rem 0; border: 0; }
  td:nth-child(even) { text-align: right; }
  td:last-child { grid-column: 1 / -1; text-align: left; }
}
@media (forced-colors: active) { .choice:has(:checked) { outline-color: Highlight; } }
`;
