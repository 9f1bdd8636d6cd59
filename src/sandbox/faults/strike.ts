import type { AccountTransaction } from '../store/account-transaction.ts';
import { draw } from './draw.ts';
import type { Fault, FaultKind } from './fault.ts';

/** The account's faults of these kinds that strike `subject` now, oldest first. */
export async function strike(tx: AccountTransaction, kinds: readonly FaultKind[], subject = ''): Promise<Fault[]> {
  const faults = await tx.all('sandbox.fault', { kind: kinds });
  return faults.reverse().filter((fault) => {
    const strikes = draw(fault, subject);
    tx.update(fault, {});
    return strikes;
  });
}
