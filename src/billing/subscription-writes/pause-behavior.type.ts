import { enumOf } from '../../graphql/enum-of.ts';

export type PauseBehavior = 'KEEP_AS_DRAFT' | 'MARK_UNCOLLECTIBLE' | 'VOID';

export const PauseBehaviorEnum = enumOf<PauseBehavior>(
  'PauseBehavior',
  'What becomes of invoices while the collection is paused.',
  {
    KEEP_AS_DRAFT: 'They stay drafts, to be collected later.',
    MARK_UNCOLLECTIBLE: 'They are given up as bad debts: the service was used, and nobody is going to pay.',
    VOID: 'They are void: the service is free meanwhile.',
  },
);
