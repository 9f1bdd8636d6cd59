import { publish } from '../../reader/publish.ts';
import { LedgerEntry } from './ledger-entry.entity.ts';
import { LedgerEntryType } from './ledger-entry.type.ts';

export const publishedLedgerEntry = publish(LedgerEntryType, LedgerEntry, (from) => ({
  amount: from.columns(['amount', 'currency'], ({ amount, currency }) => ({ amount, currency })),
}));
