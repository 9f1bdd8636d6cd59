import { newCustomer } from '../customers/create-customer.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import type { Payer } from './payer.ts';

type Session = Stored<'checkout.session'>;

/** The session's customer, or a new one where the session makes one; a guest has none. */
export async function payingCustomer(
  tx: AccountTransaction,
  session: Session,
  { address, email, name, phone }: Payer,
): Promise<Stored<'customer'> | undefined> {
  const { customerUpdate, payment } = session._sandbox.order;
  if (session.customer) {
    const customer = await tx.get('customer', session.customer);
    const previous = tx.update(customer, {
      ...(customerUpdate.name === 'auto' && name && { name }),
      ...(customerUpdate.address === 'auto' && address && { address }),
    });
    if (previous) tx.emit('customer.updated', customer, previous);
    return customer;
  }
  if (session.mode === 'setup') return undefined;
  if (session.customer_creation !== 'always' && !payment.setup_future_usage) return undefined;
  const left = await leftCustomer(tx, session);
  if (left) return left;
  const customer = newCustomer(tx, { address: address ?? null, email, name: name ?? null, phone: phone ?? null });
  tx.emit('customer.created', customer);
  return customer;
}

/** The customer of an attempt that failed after all. */
async function leftCustomer(tx: AccountTransaction, { _sandbox }: Session): Promise<Stored<'customer'> | undefined> {
  const { intent } = _sandbox.order;
  const payment = intent ? await tx.find('payment_intent', intent) : undefined;
  return payment?.customer ? tx.find('customer', payment.customer) : undefined;
}
