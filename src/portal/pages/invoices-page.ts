import { type Html, html } from '../../pages/html.ts';
import type { Page } from '../../pages/page-document.ts';
import type { PortalInvoicesFragment as Invoices } from '../sessions/documents.generated.ts';
import { type Frame, portalPage } from './portal-frame.ts';
import { day } from './words.ts';

/** Older invoices, a page at a time. */
export function invoicesPage(frame: Frame, invoices: Invoices): Page {
  const main = html`<section aria-label="Invoices">
${invoiceTable(invoices)}
${olderInvoices(frame, invoices)}
</section>`;
  return portalPage(frame, { title: 'Invoices', main, isInner: true });
}

/** The newest first. Drafts are nobody's to read yet. */
export function invoiceTable({ nodes, pageInfo }: Invoices): Html {
  const invoices = nodes.filter(({ status }) => status !== 'DRAFT').toReversed();
  if (!invoices.length)
    return html`${!pageInfo.hasPreviousPage && html`<p class="quiet">There is no invoice yet.</p>`}`;
  return html`<table>
<thead><tr><th scope="col">Invoice</th><th scope="col">Date</th><th scope="col">Amount</th><th scope="col">Status</th><th scope="col"><span class="hidden">Documents</span></th></tr></thead>
<tbody>${invoices.map(
    ({ number, finalizedAt, total, status, hostedInvoiceUrl, invoicePdf }) => html`
<tr><th scope="row">${number ?? 'Without a number'}</th><td>${day(finalizedAt)}</td><td>${total.formatted}</td><td class="state ${looks[status]}">${words[status]}</td><td>${link(hostedInvoiceUrl, status === 'OPEN' ? 'Pay' : 'View', number)}${link(invoicePdf, 'PDF', number)}</td></tr>`,
  )}
</tbody>
</table>`;
}

/** The way to what is older than this page. */
export const olderInvoices = ({ base }: Frame, { pageInfo: { hasPreviousPage, startCursor } }: Invoices): Html =>
  html`${hasPreviousPage && startCursor !== null && html`<p><a href="${base}/invoices?before=${encodeURIComponent(startCursor)}">Older invoices</a></p>`}`;

type Status = Invoices['nodes'][number]['status'];

const words: Record<Status, string> = {
  DRAFT: 'Draft',
  OPEN: 'To be paid',
  PAID: 'Paid',
  UNCOLLECTIBLE: 'Unpaid',
  VOID: 'Void',
  UNKNOWN: 'See the invoice',
};

const looks: Partial<Record<Status, string>> = { OPEN: 'warn', PAID: 'good', UNCOLLECTIBLE: 'warn', VOID: 'over' };

const link = (url: string | null, label: string, number: string | null) =>
  url !== null && html`<a href="${url}">${label}<span class="hidden"> invoice ${number ?? ''}</span></a> `;
