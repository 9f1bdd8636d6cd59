import { moneyLabel } from '../catalog/price-label.ts';
import type { Stored } from '../objects.ts';
import { dateLabel } from './date-label.ts';
import { periodLabel } from './invoice-page.ts';
import { invoiceSums } from './invoice-sums.ts';
import { type PdfText, pdf } from './pdf.ts';

type Line = Omit<PdfText, 'y'>[];

const [left, right] = [50, 430];
const perPage = 30;

/** An invoice on paper. */
export function invoicePdf(invoice: Stored<'invoice'>): Buffer {
  const rows = [...head(invoice), ...lines(invoice), ...totals(invoice)];
  const pages = Array.from({ length: Math.ceil(rows.length / perPage) }, (_page, index) =>
    rows
      .slice(index * perPage, (index + 1) * perPage)
      .flatMap((row, place) => row.map((text) => ({ ...text, y: 70 + place * 24 }))),
  );
  return pdf(pages);
}

function head(invoice: Stored<'invoice'>): Line[] {
  const facts = [
    ['From', invoice.account_name],
    ['To', invoice.customer_name ?? invoice.customer_email],
    ['Date', dateLabel(invoice.effective_at ?? invoice.created)],
    ['Status', invoice.status],
  ];
  return [
    [{ x: left, size: 20, bold: true, text: `Invoice ${invoice.number}` }],
    [{ x: left, size: 10, text: 'Made by a sandbox: no money moved.' }],
    ...facts.map(([label, value]) => [
      { x: left, size: 11, bold: true, text: String(label) },
      { x: 120, size: 11, text: shortened(value ?? '', 70) },
    ]),
    [],
  ];
}

function lines(invoice: Stored<'invoice'>): Line[] {
  return invoice.lines.data.flatMap(({ description, amount, currency, period }) => [
    [
      { x: left, size: 11, text: shortened(description ?? '', 62) },
      { x: right, size: 11, text: moneyLabel(amount, currency) },
    ],
    [{ x: left, size: 9, text: periodLabel(period) }],
  ]);
}

function totals(invoice: Stored<'invoice'>): Line[] {
  const rows = invoiceSums(invoice).map(([label, amount]) => [
    { x: 320, size: 11, bold: true, text: label },
    { x: right, size: 11, text: amount },
  ]);
  return [[], ...rows];
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
