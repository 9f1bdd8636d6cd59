import { publish } from '../../reader/publish.ts';
import { PendingChange } from './pending-change.entity.ts';
import { PendingChangeType } from './pending-change.type.ts';

export const publishedPendingChange = publish(
  PendingChangeType,
  PendingChange,
  (from) => ({ items: from.columns(['items'], ({ items }) => items) }),
  { visible: { appliedAt: 'absent' } },
);
