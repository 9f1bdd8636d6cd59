import { publish } from '../../reader/publish.ts';
import type { ForwardingState } from '../forwarding/forwarding-state.ts';
import { UsageForwarding } from '../forwarding/usage-forwarding.entity.ts';
import { UsageEventForwardingType } from './event-forwarding.type.ts';

const statusOf = {
  PENDING: 'WAITING',
  ASKED: 'WAITING',
  COUNTED: 'FORWARDED',
  FAILED: 'FAILED',
  DROPPED: 'DROPPED',
} as const;

export const publishedEventForwarding = publish(UsageEventForwardingType, UsageForwarding, (from) => ({
  status: from.columns(['state'], ({ state }) => statusOf[state as ForwardingState]),
  forwardedAt: from.columns(['countedAt'], ({ countedAt }) => countedAt),
  error: from.columns(['state', 'failureCode', 'failureMessage'], ({ state, failureCode, failureMessage }) =>
    state === 'FAILED' ? { code: failureCode ?? 'unknown', message: failureMessage ?? '' } : null,
  ),
}));
