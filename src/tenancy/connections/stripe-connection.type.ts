import { Field, ID, ObjectType } from 'type-graphql';
import type { Environment } from '../../environment.ts';
import { EnvironmentEnum } from '../../environment.type.ts';

@ObjectType('StripeConnection', { simpleResolvers: true, description: "A team's Stripe account in one environment." })
export class StripeConnectionType {
  @Field(() => ID, { description: 'Our id: `conn_…`.' })
  id!: string;

  @Field(() => EnvironmentEnum, { description: 'The environment that it serves.' })
  environment!: Environment;

  @Field(() => String, { description: "Stripe's id of the account: `acct_…`." })
  stripeAccountId!: string;

  @Field(() => Boolean, {
    description: 'Whether its key is kept. Once disconnected, what is known of it stays, and grows old.',
  })
  connected!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "Stripe's id of the webhook endpoint: `we_…`. Null where there is none.",
  })
  stripeWebhookEndpointId!: string | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When the older signing secret ends. Null unless one is being rolled.',
  })
  webhookSecretRetiresAt!: Date | null;

  @Field(() => Date, { description: 'When it was first connected.' })
  createdAt!: Date;
}
