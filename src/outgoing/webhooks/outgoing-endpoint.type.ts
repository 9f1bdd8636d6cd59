import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';

export const OutgoingDisabledReasonEnum = enumOf<'BY_REQUEST' | 'GONE' | 'FAILING'>(
  'OutgoingDisabledReason',
  'Why an endpoint gets nothing.',
  {
    BY_REQUEST: 'Somebody disabled it.',
    GONE: 'It answered 410.',
    FAILING: 'It has taken nothing for five days, and a message had used up its tries.',
  },
);

@ObjectType('OutgoingEndpoint', {
  simpleResolvers: true,
  description: 'An address of yours that is told what happens in a project, in one environment.',
})
export class OutgoingEndpointType {
  @Field(() => ID, { description: 'Our id: `oep_…`.' })
  id!: string;

  @Field(() => String, { description: 'Where messages are posted to.' })
  url!: string;

  @Field(() => String, { nullable: true, description: 'What you call it; null where you did not say.' })
  description!: string | null;

  @Field(() => [String], {
    description: 'What it is told of: types (`invoice.paid`), groups of them (`subscription.*`), or all (`*`).',
  })
  eventTypes!: string[];

  @Field(() => Boolean, { description: 'Whether it is sent anything. See `updateOutgoingEndpoint`.' })
  enabled!: boolean;

  @Field(() => Date, { nullable: true, description: 'Since when it is disabled; null while it is enabled.' })
  disabledAt!: Date | null;

  @Field(() => OutgoingDisabledReasonEnum, { nullable: true, description: 'Why; null while it is enabled.' })
  disabledReason!: 'BY_REQUEST' | 'GONE' | 'FAILING' | null;

  @Field(() => Date, {
    nullable: true,
    description: 'The first try that failed since one succeeded last; null where the last one succeeded.',
  })
  failingSince!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Until when the secret before the last rotation signs as well; null where it does not.',
  })
  previousSecretEndsAt!: Date | null;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
}

export const OutgoingEndpointConnection = connectionOf('OutgoingEndpoint', () => OutgoingEndpointType);
