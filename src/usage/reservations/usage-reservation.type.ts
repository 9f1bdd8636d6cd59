import { Field, ID, ObjectType } from 'type-graphql';
import { CustomerType } from '../../billing/customers/customer.type.ts';
import { FeatureType } from '../../entitlements/features/feature.type.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';
import { UsageEventType } from '../events/usage-event.type.ts';

export const ReservationStatusEnum = enumOf('UsageReservationStatus', 'What became of a reservation.', {
  HELD: 'Its amount is held: it counts against limits until `expiresAt`.',
  EXPIRED: 'Its time was over before it was committed: it holds nothing any more.',
  COMMITTED: 'It became usage.',
  RELEASED: 'It was given free.',
});

@ObjectType('UsageReservation', {
  implements: NodeType,
  description:
    'Usage that a customer is about to have, held against his limit: begin with it what costs you something, and commit it when it is done.',
})
export class UsageReservationType {
  @Field(() => ID, { description: 'Our id: `rsv_…`.' })
  id!: string;

  @Field(() => ReservationStatusEnum, { description: 'What became of it.' })
  status!: keyof typeof ReservationStatusEnum;

  @Field(() => CustomerType, { description: 'Whose it is.' })
  customer!: CustomerType;

  @Field(() => FeatureType, { description: 'Of what.' })
  feature!: FeatureType;

  @Field(() => DecimalScalar, { description: "How much is or was held, in the unit of the feature's meter." })
  amount!: string;

  @Field(() => Date, { description: 'Until when it is held, unless it is committed or released before.' })
  expiresAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was committed or released. Null otherwise.' })
  endedAt!: Date | null;

  @Field(() => UsageEventType, { nullable: true, description: 'The usage that it became. Null where it did not.' })
  usageEvent!: UsageEventType | null;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
}
