import { publish } from '../../reader/publish.ts';
import { UsageEvent } from './usage-event.entity.ts';
import { UsageEventType } from './usage-event.type.ts';

export const publishedUsageEvent = publish(UsageEventType, UsageEvent, (from) => ({
  status: from.columns(['voidedAt'], ({ voidedAt }) =>
    voidedAt === null ? ('RECORDED' as const) : ('VOIDED' as const),
  ),
}));
