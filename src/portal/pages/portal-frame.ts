import { type Html, html } from '../../pages/html.ts';
import { type Page, pageDocument } from '../../pages/page-document.ts';
import { portalStyle } from './portal-style.ts';

/** What every page of a session knows. */
export type Frame = {
  /** Of the session: `/portal/pos_…`. */
  base: string;
  project: { name: string; color: string | null };
  /** Where the customer came from. */
  returnUrl: string;
  /** What the forms carry. */
  formToken: string;
};

type Contents = {
  title: string;
  main: Html;
  /** Who is here. */
  who?: string | null;
  /** Whether a way leads to the first page. */
  isInner?: boolean;
};

/** A page of the portal, in the project's name. */
export function portalPage({ project, returnUrl, base }: Frame, { title, main, who, isInner }: Contents): Page {
  return pageDocument({
    title: `${title} · ${project.name}`,
    style: portalStyle(project.color),
    body: html`<a class="skip" href="#main">Skip to the content</a>
<header>
<p class="name">${project.name}</p>
${who && html`<p class="quiet">${who}</p>`}
</header>
<main id="main">
${isInner && html`<p><a href="${base}">← All of your billing</a></p>`}
<h1>${title}</h1>
${main}
</main>
<footer><p><a href="${returnUrl}">Back to ${project.name}</a></p></footer>`,
  });
}

/** A page without a session: what does not work, and where to go on. */
export function closedPage({
  title,
  message,
  returnUrl,
}: {
  title: string;
  message: string;
  returnUrl?: string;
}): Page {
  return pageDocument({
    title,
    style: portalStyle(null),
    body: html`<main id="main">
<h1>${title}</h1>
<section><p role="alert">${message}</p>
${returnUrl !== undefined && html`<p class="actions"><a class="button" href="${returnUrl}">Go back and open it again</a></p>`}
</section>
</main>`,
  });
}

/** A button that does something: a form of its own, that only a page of this session can send, and that does it once. */
export function action(
  { base, formToken }: Frame,
  { path, label, look = '', once, inside }: { path: string; label: string; look?: string; once: string; inside?: Html },
): Html {
  return html`<form method="post" action="${base}${path}">
<input type="hidden" name="form" value="${formToken}">
<input type="hidden" name="once" value="${once}">
${inside}
<button class="${look}">${label}</button>
</form>`;
}

/** What was done, or went wrong. */
export const notice = (message: string, look: 'good' | 'wrong'): Html =>
  html`<p class="notice ${look}" role="${look === 'good' ? 'status' : 'alert'}">${message}</p>`;

/** Why there is not what was asked for, and the way on. */
export const refusal = ({ base }: Frame, message: string): Html =>
  html`<section><p role="alert">${message}</p>
<p class="actions"><a class="button" href="${base}">Look at your billing</a></p></section>`;
