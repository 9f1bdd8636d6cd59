/** The look of the sandbox's pages: one column that fits a phone, light or dark as the reader likes it. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1a1f36, #e8eaf2);
  --quiet: light-dark(#596171, #a5adc0);
  --paper: light-dark(#ffffff, #1b1f2e);
  --ground: light-dark(#f4f5f9, #11141e);
  --line: light-dark(#d5dae4, #3a4157);
  --accent: light-dark(#4b3fe0, #9d95ff);
  --on-accent: light-dark(#ffffff, #14102e);
  --wrong: light-dark(#b3093c, #ff8fa8);
  --good: light-dark(#0a6b3d, #6fdca4);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
.banner { margin: 0; padding: .5rem 1rem; background: #ffd666; color: #3a2a00; text-align: center; font-size: .9rem; }
main { max-width: 30rem; margin: 1.5rem auto; padding: 1.75rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; box-shadow: 0 1px 3px rgb(0 0 0 / .06); }
main.wide { max-width: 72rem; }
h1 { margin: 0 0 .25rem; font-size: 1.35rem; line-height: 1.25; }
h2 { margin: 0 0 .75rem; font-size: 1rem; }
p { margin: .5rem 0; }
a { color: var(--accent); text-underline-offset: .2em; }
section { margin-top: 1.75rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
.total { margin: 0 0 1rem; font-size: 2rem; font-weight: 600; line-height: 1.3; }
.quiet { color: var(--quiet); font-size: .9rem; }
.small { font-size: .8rem; }
.right { text-align: right; flex: none; }
.item { margin-bottom: 1rem; }
.item p { margin-top: 0; }
ul.lines { list-style: none; margin: 0 0 1.25rem; padding: 0; }
ul.lines li { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line); }
dl { margin: 1rem 0; }
dd { margin: 0; }
dl.facts, dl.hints { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; }
dl.facts dt { color: var(--quiet); }
dl.hints { margin: .5rem 0; font-size: .85rem; }
dl.hints dt { font-family: ui-monospace, monospace; white-space: nowrap; }
dl.hints dd, .hints { color: var(--quiet); }
dl.sums { display: grid; grid-template-columns: 1fr max-content; gap: .35rem 1.25rem; text-align: right; }
dl.sums dt { color: var(--quiet); }
.badge { display: inline-block; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 1rem; color: var(--quiet); font-size: .75rem; font-weight: 600; line-height: 1.4rem; white-space: nowrap; vertical-align: middle; }
.badge.active, .badge.paid, .badge.delivered, .badge.ready { color: var(--good); border-color: currentcolor; }
.badge.past_due, .badge.unpaid, .badge.failed, .badge.canceling, .badge.incomplete { color: var(--wrong); border-color: currentcolor; }
ul.lines li > :last-child:not(:first-child) { flex: none; white-space: nowrap; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input, select, textarea { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; }
input::placeholder { color: var(--quiet); opacity: .75; }
input[readonly] { color: var(--quiet); background: var(--ground); }
input[type=radio], input[type=checkbox] { width: 1.1rem; min-height: 1.1rem; margin: .25rem 0; flex: none; accent-color: var(--accent); }
input[aria-invalid] { border-color: var(--wrong); }
label.choice { display: flex; gap: .75rem; margin: .5rem 0; padding: .75rem; font-weight: 400; border: 1px solid var(--line); border-radius: .4rem; cursor: pointer; }
label.choice:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
button, a.button { display: block; width: 100%; min-height: 2.75rem; margin-top: 1rem; padding: .55rem 1rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; border-radius: .4rem; cursor: pointer; }
button.first, a.button.first { color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent); }
button.second, a.button.second, button.small { color: var(--ink); background: none; border: 1px solid var(--line); }
button.danger { background: var(--wrong); border-color: var(--wrong); }
button:hover, a.button:hover { filter: brightness(1.08); }
button.default { position: absolute; left: -99rem; width: auto; }
main.wide button.second { width: auto; }
.joined { display: grid; grid-template-columns: 1fr max-content; gap: .75rem; align-items: end; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; }
.actions > * { flex: 1 1 9rem; }
.actions a.button, .actions button { margin-top: .25rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.wrong { margin: 1rem 0; padding: .75rem; color: var(--wrong); border: 1px solid var(--wrong); border-radius: .4rem; }
details { margin-top: 1.5rem; }
summary { cursor: pointer; color: var(--quiet); font-size: .9rem; }
code { white-space: nowrap; }
pre { margin: 0; padding: .75rem; overflow-x: auto; font-size: .8rem; background: var(--ground); border-radius: .4rem; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; overflow-wrap: normal; }
th, td { padding: .45rem .75rem .45rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th, td { white-space: nowrap; }
th { color: var(--quiet); font-weight: 600; }
td form { display: flex; gap: .5rem; }
td input { width: auto; min-height: 2rem; padding: .1rem .5rem; }
button.small { display: inline; width: auto; min-height: 2rem; margin: 0; padding: .1rem .75rem; font-size: .85rem; font-weight: 600; }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 0 1rem; align-items: end; }
@media (max-width: 32rem) { main { margin: 0; padding: 1.25rem; border: 0; border-radius: 0; box-shadow: none; } }
`;
