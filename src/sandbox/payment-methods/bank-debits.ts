import type { Decline } from './test-cards.ts';

const closed: Decline = { code: 'account_closed', message: 'The bank account has been closed.' };
const refused: Decline = { code: 'debit_not_authorized', message: 'The bank refused the debit.' };
const insufficient: Decline = { code: 'insufficient_funds', message: 'The bank account has insufficient funds.' };

/** Test accounts whose debits fail: IBANs for `sepa_debit`, account numbers for `us_bank_account`. */
const failing: Record<string, Decline> = {
  AT861904300235473202: refused,
  AT051904300235473205: refused,
  DE62370400440532013001: refused,
  DE78370400440532013004: refused,
  IT60X0542811101000000123456: refused,
  '000111111113': closed,
  '000111111116': { code: 'no_account', message: 'The bank account does not exist.' },
  '000222222227': insufficient,
  '000333333335': refused,
};

/** How the debit of a bank account will fail in the end; any other account pays. */
export function debitFailure(number: string): Decline | undefined {
  return failing[number];
}

const threeMinutesLater = new Set([
  'AT321904300235473204',
  'AT051904300235473205',
  'DE08370400440532013003',
  'DE78370400440532013004',
]);

/** Seconds until a debit is settled: days with a real bank, a second with its stand-in, three minutes where Stripe documents them. */
export function settlementTime(number: string): number {
  return threeMinutesLater.has(number) ? 180 : 1;
}
