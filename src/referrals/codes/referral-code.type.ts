import { Field, ID, ObjectType } from 'type-graphql';
import { CustomerType } from '../../billing/customers/customer.type.ts';
import { connectionOf } from '../../graphql/connection.ts';
import { NodeType } from '../../graphql/node.type.ts';

@ObjectType('ReferralCode', { implements: NodeType, description: 'By what a customer refers others.' })
export class ReferralCodeType {
  @Field(() => ID, { description: 'Our id: `rco_…`.' })
  id!: string;

  @Field(() => String, {
    description:
      'The code, in upper case; it may be written in any. Made up: 8 letters and digits that do not look alike.',
  })
  code!: string;

  @Field(() => CustomerType, { description: 'Who refers by it.' })
  customer!: CustomerType;

  @Field(() => Boolean, { description: 'Whether somebody chose it, for a partner.' })
  custom!: boolean;

  @Field(() => Boolean, { description: 'Whether it can be applied.' })
  active!: boolean;

  @Field(() => Date, { nullable: true, description: 'When it was deactivated. Null where it is active.' })
  deactivatedAt!: Date | null;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
}

export const ReferralCodeConnection = connectionOf('ReferralCode', () => ReferralCodeType);
