import { type Html, html } from '../../pages/html.ts';
import { type Page, pageDocument } from '../../pages/page-document.ts';

/** One column that fits a phone, light or dark as the reader likes it. */
const style = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#17202e, #e8ecf3);
  --quiet: light-dark(#55617a, #a7b0c4);
  --paper: light-dark(#ffffff, #1a2130);
  --ground: light-dark(#f3f5f9, #10151f);
  --line: light-dark(#8691a5, #59647b);
  --accent: light-dark(#0b5cad, #7db8f5);
  --on-accent: light-dark(#ffffff, #0b1a2b);
  --wrong: light-dark(#b3093c, #ff8fa8);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 28rem; margin: 8vh auto; padding: 2rem; background: var(--paper); border-radius: .75rem; box-shadow: 0 1px 4px rgb(0 0 0 / .12); }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; line-height: 1.25; }
p { margin: .5rem 0; }
.brand { margin: 0 0 1.5rem; color: var(--quiet); font-weight: 600; }
.quiet { color: var(--quiet); font-size: .9rem; }
label { display: block; margin: 1.1rem 0 .25rem; font-weight: 600; }
input { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; }
input[readonly] { color: var(--quiet); background: var(--ground); }
input[aria-invalid] { border-color: var(--wrong); }
button { width: 100%; min-height: 2.75rem; margin-top: 1.5rem; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: .4rem; cursor: pointer; }
button:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.wrong { margin: 1rem 0; padding: .75rem; color: var(--wrong); border: 1px solid var(--wrong); border-radius: .4rem; }
code { font-size: .9em; }
@media (max-width: 32rem) { main { max-width: none; margin: 0; padding: 1.5rem; min-height: 100vh; border-radius: 0; box-shadow: none; } }
`;

export const page = (title: string, main: Html): Page =>
  pageDocument({
    title: `${title} · Billgraph`,
    style,
    body: html`<main>
<p class="brand">Billgraph</p>
<h1>${title}</h1>
${main}
</main>`,
  });
