import { publish } from '../../reader/publish.ts';
import { TaxId } from './tax-id.entity.ts';
import { TaxIdType } from './tax-id.type.ts';

export const publishedTaxId = publish(
  TaxIdType,
  TaxId,
  (from) => ({
    // Present in every row that is visible.
    value: from.columns(['value'], ({ value }) => value!),
  }),
  { visible: { value: 'present', deletedAt: 'absent' } },
);
