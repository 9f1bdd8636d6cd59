import { newId } from '../../ids.ts';
import { digitsOf, plain, sumOf } from './decimals.ts';
import type { Message, Pair, WaitingRow } from './message.ts';

/** So many events are sent to Stripe before it is written down what became of them. */
const messagesTogether = 100;
/** More of them Stripe does not take in a value. */
const mostDigits = 15;

/** What Stripe was asked already, as it was asked: by the same identifier it counts once. */
export function askedMessages(rows: WaitingRow[]): Message[] {
  const asked = rows.filter(({ state }) => state === 'ASKED');
  const groups = Map.groupBy(asked, ({ stripeIdentifier }) => stripeIdentifier!);
  return [...groups].map(([identifier, rows]) => {
    const { stripeAt, stripeValue, isCorrection, quantity, sentIdentifier } = rows[0]!;
    const cancels = isCancel({ isCorrection, quantity, stripeValue }) ? sentIdentifier! : undefined;
    return { identifier, at: stripeAt!, value: plain(stripeValue ?? '0'), rows, ...(cancels && { cancels }) };
  });
}

/**
 * Events of Stripe's for rows that Stripe was not asked. A meter that sums up is told once of each second, which is the finest that Stripe
 * knows: so that one customer's usage can be brought over faster than one call takes, and falls into no other period. One that
 * counts events is told of each, and what it was told too much is taken back by name.
 */
export function newMessages({ stripeFormula }: Pair, rows: WaitingRow[]): Message[] {
  const messages: Message[] = [];
  const open = new Map<number, Message>();
  for (const row of rows.filter(({ state }) => state === 'PENDING')) {
    const { occurredAt: at, isCorrection, quantity, sentIdentifier } = row;
    const isCancelled = stripeFormula === 'count' && isCorrection;
    // There is no name yet: what it takes back waits here as well, and is sent first.
    if (isCancelled && sentIdentifier === null) continue;
    const message = stripeFormula === 'sum' ? open.get(at) : undefined;
    const value = sumOf([message?.value ?? '0', quantity!]);
    if (message && digitsOf(value) <= mostDigits) {
      message.value = value;
      message.rows.push(row);
      continue;
    }
    const cancels = isCancelled ? sentIdentifier! : undefined;
    const next: Message = { identifier: newId('ufw'), at, value, rows: [row], ...(cancels && { cancels }) };
    open.set(at, next);
    messages.push(next);
  }
  const first = messages.slice(0, messagesTogether);
  for (const message of first) if (stripeFormula === 'sum' && message.value === '0') message.isKnown = true;
  return first;
}

/** A cancellation has no value of its own. */
const isCancel = ({
  isCorrection,
  quantity,
  stripeValue,
}: Pick<WaitingRow, 'isCorrection' | 'quantity' | 'stripeValue'>) =>
  isCorrection && quantity !== null && stripeValue === null;
