/** The look of the sandbox's pages: one column that fits a phone, light or dark as the reader likes it. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1a1f36, #e8eaf2);
  --quiet: light-dark(#596171, #a5adc0);
  --paper: light-dark(#ffffff, #1b1f2e);
  --ground: light-dark(#f4f5f9, #11141e);
  --line: light-dark(#c4cad6, #454c63);
  --accent: light-dark(#4b3fe0, #9d95ff);
  --on-accent: light-dark(#ffffff, #14102e);
  --wrong: light-dark(#b3093c, #ff8fa8);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
.banner { margin: 0; padding: .5rem 1rem; background: #ffd666; color: #3a2a00; text-align: center; }
main { max-width: 30rem; margin: 1.5rem auto; padding: 1.5rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; }
h1 { margin: 0 0 .25rem; font-size: 1.25rem; }
.total { margin: 0 0 1rem; font-size: 2rem; font-weight: 600; }
.quiet { color: var(--quiet); font-size: .9rem; }
ul.lines { list-style: none; margin: 0 0 1.5rem; padding: 0; }
ul.lines li { display: flex; justify-content: space-between; gap: 1rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; }
input[aria-invalid] { border-color: var(--wrong); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
button, a.button { display: block; width: 100%; min-height: 2.75rem; margin-top: 1rem; padding: .6rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; border-radius: .4rem; cursor: pointer; }
button.first, a.button { color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent); }
button.second { color: var(--ink); background: none; border: 1px solid var(--line); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.wrong { margin: 1rem 0; padding: .75rem; color: var(--wrong); border: 1px solid var(--wrong); border-radius: .4rem; }
details { margin-top: 1.5rem; }
code { white-space: nowrap; }
@media (max-width: 32rem) { main { margin: 0; border: 0; border-radius: 0; } }
`;
