import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { collectInvoice } from './collect-invoice.ts';
import { markUncollectible, voidInvoice } from './end-invoice.ts';
import { finalizeInvoice } from './finalize-invoice.ts';

/** An hour after a renewal: the draft stands, and is charged or sent; where collection is paused, it is given up instead. */
export async function finalizeByTime(tx: AccountTransaction, id: string): Promise<void> {
  const invoice = await tx.find('invoice', id);
  const customer = invoice && (await tx.find('customer', invoice.customer!));
  if (!customer || invoice.status !== 'draft' || !invoice.auto_advance) return;
  const subscription = invoice.parent?.subscription_details?.subscription;
  const owner = subscription ? await tx.find('subscription', subscription) : undefined;
  await finalizeInvoice(tx, invoice, customer);
  if (!isOpen(invoice)) return;
  const paused = owner?.pause_collection?.behavior;
  if (paused === 'void') await voidInvoice(tx, invoice);
  else if (paused === 'mark_uncollectible') await markUncollectible(tx, invoice);
  else if (invoice.collection_method === 'send_invoice') tx.emit('invoice.sent', invoice);
  else await collectInvoice(tx, invoice);
}

const isOpen = ({ status }: Stored<'invoice'>) => status === 'open';
