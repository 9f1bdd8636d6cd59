import { html } from '../../pages/html.ts';
import type { Page } from '../../pages/page-document.ts';
import { action, type Frame, portalPage } from './portal-frame.ts';

/** Where a portal that was opened for the payment method begins. */
export function paymentMethodPage(frame: Frame, { once }: { once: string }): Page {
  const main = html`<section>
<p>You enter it on a page of our payment provider, and come back here. From then on it pays your invoices.</p>
<div class="actions">${action(frame, { path: '/payment-method', label: 'Go on', once })}</div>
</section>`;
  return portalPage(frame, { title: 'Update your payment method', main, isInner: true });
}
