import { html } from '../../pages/html.ts';
import { type Page, pageDocument } from '../../pages/page-document.ts';
import type { Frame } from './portal-frame.ts';
import { portalStyle } from './portal-style.ts';

/**
 * Leads on to Stripe's page by itself. A form may not be redirected there: the browser lets forms reach our own pages alone, whatever
 * address Stripe's page has.
 */
export function leavingPage({ project }: Frame, url: string): Page {
  const document = {
    title: `One moment · ${project.name}`,
    style: portalStyle(project.color),
    body: html`<main id="main">
<h1>One moment</h1>
<section><p>You save your payment method on a page of our payment provider.</p>
<p class="actions"><a class="button" href="${url}">Go on</a></p></section>
</main>`,
  };
  return pageDocument(document, html`<meta http-equiv="refresh" content="0; url=${url}">`);
}
