import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { MetadataScalar } from '../../graphql/scalars.ts';
import { ChargeType } from './charge.type.ts';
import type { DisputeStatus } from './payment-statuses.ts';
import { DisputeStatusEnum } from './payment-statuses.type.ts';

@ObjectType('Dispute', {
  implements: NodeType,
  description: "A payer's bank takes a charge back, or asks about it. It is answered in Stripe's dashboard.",
})
export class DisputeType {
  @Field(() => ID, { description: 'Our id: `pdi_…`.' })
  id!: string;

  @Field(() => DisputeStatusEnum, { description: 'Where it stands.' })
  status!: DisputeStatus;

  @Field(() => String, { description: "Stripe's own word for the status: `needs_response`." })
  stripeStatus!: string;

  @Field(() => MoneyType, { description: "What is disputed. Its currency may differ from the charge's." })
  amount!: Money;

  @Field(() => String, { description: "What the payer's bank gives as the reason, in Stripe's word: `fraudulent`." })
  reason!: string;

  @Field(() => Date, {
    nullable: true,
    description: 'Until when evidence is taken. Null where it is too late, or none is asked for.',
  })
  evidenceDueBy!: Date | null;

  @Field(() => Boolean, { description: 'Whether evidence was given.' })
  hasEvidence!: boolean;

  @Field(() => ChargeType, { description: 'The charge that is disputed.' })
  charge!: ChargeType;

  @Field(() => String, { description: "Stripe's id: `du_…` or `dp_…`." })
  stripeDisputeId!: string;

  @Field(() => MetadataScalar, { description: 'Your own notes, kept in Stripe too.' })
  metadata!: Record<string, string>;

  @Field(() => Date, { description: 'When the dispute began.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of the dispute last changed here.' })
  updatedAt!: Date;
}

export const DisputeConnection = connectionOf('Dispute', () => DisputeType);
