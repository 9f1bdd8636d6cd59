import { publish } from '../../reader/publish.ts';
import { Meter } from './meter.entity.ts';
import { MeterType } from './meter.type.ts';

export const publishedMeter = publish(
  MeterType,
  Meter,
  (from) => ({
    // Present in every row that is visible.
    stripeMeterId: from.columns(['stripeMeterId'], ({ stripeMeterId }) => stripeMeterId!),
  }),
  { visible: { stripeMeterId: 'present' } },
);
