import { publish } from '../../reader/publish.ts';
import { UsageForwarding } from '../forwarding/usage-forwarding.entity.ts';
import { UsageEvent } from './usage-event.entity.ts';
import { UsageEventType } from './usage-event.type.ts';

export const publishedUsageEvent = publish(UsageEventType, UsageEvent, (from) => ({
  status: from.columns(['voidedAt'], ({ voidedAt }) =>
    voidedAt === null ? ('RECORDED' as const) : ('VOIDED' as const),
  ),
  forwarding: from.reference('forwardingId', UsageForwarding),
  withdrawal: from.reference('withdrawalId', UsageForwarding),
}));
