import { moneyLabel } from '../catalog/price-label.ts';
import type { Stored } from '../objects.ts';
import { cardFields, cardHints } from './card-fields.ts';
import { dateLabel } from './date-label.ts';
import { type FormFault, faultNote } from './form-field.ts';
import { type Html, html } from './html.ts';
import { invoiceSums } from './invoice-sums.ts';

type Invoice = Stored<'invoice'>;

/** The hosted page of an invoice that was finalized; one that is open can be paid there. */
export function invoicePage(invoice: Invoice, fault?: FormFault): Html {
  const { status, due_date } = invoice;
  const isOpen = status === 'open' && invoice.amount_remaining > 0;
  return html`
<h1>Invoice ${invoice.number}</h1>
<p class="total">${moneyLabel(isOpen ? invoice.amount_remaining : invoice.total, invoice.currency)} <span class="badge ${status}">${status}</span></p>
<dl class="facts">
<dt>From</dt><dd>${invoice.account_name}</dd>
<dt>To</dt><dd>${invoice.customer_name ?? invoice.customer_email}</dd>
<dt>Date</dt><dd>${dateLabel(invoice.effective_at ?? invoice.created)}</dd>
${due_date && html`<dt>Due</dt><dd>${dateLabel(due_date)}</dd>`}
</dl>
<ul class="lines">${invoice.lines.data.map(
    ({ description, amount, currency, period }) => html`
<li><span>${description}<br><span class="quiet">${periodLabel(period)}</span></span><span>${moneyLabel(amount, currency)}</span></li>`,
  )}</ul>
<dl class="sums">${invoiceSums(invoice).map(([label, amount]) => html`<dt>${label}</dt><dd>${amount}</dd>`)}</dl>
<a class="button second" href="/i/${invoice.id}/pdf">Download as PDF</a>
${faultNote(fault)}
${
  isOpen &&
  html`<form method="post" action="/i/${invoice.id}">${cardFields(fault)}
<button class="first">Pay ${moneyLabel(invoice.amount_remaining, invoice.currency)}</button></form>${cardHints}`
}`;
}

export function periodLabel({ start, end }: { start: number; end: number }): string {
  return start === end ? dateLabel(start) : `${dateLabel(start)} – ${dateLabel(end)}`;
}
