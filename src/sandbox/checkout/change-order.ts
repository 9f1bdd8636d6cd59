import type { Stored } from '../objects.ts';
import { offerOfCode } from '../promotions/offer.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { ApiError } from '../wire/api-error.ts';
import { reorder } from './session-amounts.ts';

type Session = Stored<'checkout.session'>;
type Form = Record<string, unknown>;

/** What is wrong with what the payer changed, and in which input. */
interface Fault {
  message: string;
  field: string;
  typed: Form;
}

/** Takes the quantities and the promotion code that the payer put into the page's form; nothing changes where one is wrong. */
export async function changeOrder(tx: AccountTransaction, session: Session, form: Form): Promise<Fault | undefined> {
  return (await changeQuantities(tx, session, form)) ?? (await applyCode(tx, session, form));
}

async function changeQuantities(tx: AccountTransaction, session: Session, form: Form): Promise<Fault | undefined> {
  const { lines } = session._sandbox.order;
  const changed = lines.map((line, index) => {
    const given = form[`quantity_${index}`];
    return line.adjustable && typeof given === 'string' ? { ...line, quantity: Number(given) } : line;
  });
  for (const [index, { adjustable, quantity = 0 }] of changed.entries()) {
    if (!adjustable) continue;
    const { minimum, maximum } = adjustable;
    if (Number.isInteger(quantity) && quantity >= minimum && quantity <= maximum) continue;
    const message = `Choose a quantity from ${minimum} to ${maximum}.`;
    return { message, field: `quantity_${index}`, typed: form };
  }
  if (changed.some(({ quantity }, index) => quantity !== lines[index]!.quantity)) {
    await reorder(tx, session, { lines: changed });
  }
  return undefined;
}

async function applyCode(tx: AccountTransaction, session: Session, form: Form): Promise<Fault | undefined> {
  const code = typeof form.promotion_code === 'string' ? form.promotion_code.trim().replaceAll('\0', '') : '';
  if (!session.allow_promotion_codes || !code) return undefined;
  try {
    const { currency } = session;
    const customer = session.customer ? await tx.find('customer', session.customer) : undefined;
    const redeemer = { amount: session.amount_subtotal ?? 0, currency, customer };
    const { promotion } = await offerOfCode(tx, code, redeemer);
    await reorder(tx, session, { offer: { promotion_code: promotion!.id } });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const message = error.body.code === 'resource_missing' ? 'There is no such promotion code.' : error.message;
    return { message, field: 'promotion_code', typed: form };
  }
}
