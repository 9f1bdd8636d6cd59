import { Field, ID, InputType, Int } from 'type-graphql';
import { enumOf } from '../../graphql/enum-of.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import type { PortalKind } from './create-portal-session.ts';
import type { PortalFlow } from './portal-session.entity.ts';

export const PortalKindEnum = enumOf('PortalKind', 'Whose portal.', {
  STRIPE: "Stripe's hosted portal, set as the project is.",
  BILLGRAPH: "This server's own page, with the project's name and colour.",
} satisfies Record<PortalKind, string>);

export const PortalFlowTypeEnum = enumOf('PortalFlowType', 'What the portal is opened for.', {
  CANCEL: 'To cancel a subscription at the end of its period.',
  UPDATE_PAYMENT_METHOD: 'To pay with something else from now on.',
  CHANGE_PLAN: "To change a subscription to another of the project's plans or self-service prices.",
} satisfies Record<PortalFlow, string>);

@InputType('PortalFlowInput', { description: 'One thing that the portal is opened for, instead of its first page.' })
export class PortalFlowInput {
  @Field(() => PortalFlowTypeEnum, { description: 'What it is.' })
  type!: PortalFlow;

  @Field(() => ID, {
    nullable: true,
    description:
      "The subscription to cancel or change, one of the customer's: `ps_…`. Left out for UPDATE_PAYMENT_METHOD.",
  })
  subscriptionId?: string | null;
}

@InputType('CreatePortalSessionInput', { description: 'Whose portal is opened, and where it leads back to.' })
export class CreatePortalSessionInput extends MutationInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'Whose portal: `pc_…`. A customer token leaves it out, or names its own customer; a key must name one.',
  })
  customerId?: string | null;

  @Field(() => String, {
    description:
      "Where the portal's way back leads: an absolute http(s) URL of an origin among the project's `redirectOrigins`.",
  })
  returnUrl!: string;

  @Field(() => PortalFlowInput, { nullable: true, description: 'What it is opened for. Null: its first page.' })
  flow?: PortalFlowInput | null;

  @Field(() => PortalKindEnum, { defaultValue: 'STRIPE', description: 'Whose portal it is.' })
  kind!: PortalKind;

  @Field(() => Int, {
    nullable: true,
    description:
      'For kind BILLGRAPH, how long it stays open, in seconds: 3600 (an hour) by default, at most 86400 (24 hours). Stripe decides for its own.',
  })
  ttl?: number | null;
}
