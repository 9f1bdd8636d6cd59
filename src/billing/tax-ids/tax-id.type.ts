import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { CustomerType } from '../customers/customer.type.ts';

export const TaxIdStatusEnum = enumOf('TaxIdStatus', 'What came of asking the authorities for a tax id.', {
  PENDING: 'Stripe is asking.',
  VERIFIED: 'The authorities know it.',
  UNVERIFIED: 'The authorities do not know it.',
  UNAVAILABLE: 'Nobody can be asked for ids of this kind.',
});

@ObjectType('TaxId', {
  implements: NodeType,
  description: 'By which the authorities know a customer: it stands on invoices, and may decide on taxes.',
})
export class TaxIdType {
  @Field(() => ID, { description: 'Our id: `ptx_…`.' })
  id!: string;

  @Field(() => String, { description: "The kind, in Stripe's word: `eu_vat`, `us_ein`." })
  type!: string;

  @Field(() => String, { description: 'The id itself: `DE123456789`.' })
  value!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Two letters of ISO 3166-1, in upper case. Null where Stripe does not say.',
  })
  country!: string | null;

  @Field(() => TaxIdStatusEnum, {
    nullable: true,
    description: 'Whether the authorities know it. Null for an answer that is newer than this server.',
  })
  status!: keyof typeof TaxIdStatusEnum | null;

  @Field(() => String, { nullable: true, description: 'The name that the authorities know. Null where none is known.' })
  verifiedName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The address that the authorities know. Null where none is known.',
  })
  verifiedAddress!: string | null;

  @Field(() => String, { description: "Stripe's id: `txi_…`." })
  stripeTaxId!: string;

  @Field(() => CustomerType, { description: 'Whose it is.' })
  customer!: CustomerType;

  @Field(() => Date, { description: 'When it was added.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When anything of it last changed here.' })
  updatedAt!: Date;
}

export const TaxIdConnection = connectionOf('TaxId', () => TaxIdType);
