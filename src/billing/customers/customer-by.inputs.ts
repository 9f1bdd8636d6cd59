import { Directive, Field, ID, InputType } from 'type-graphql';
import { badInput } from '../../errors.ts';

@InputType('CustomerBy', { description: 'How a customer is found: exactly one of these.' })
@Directive('@oneOf')
export class CustomerBy {
  @Field(() => ID, { nullable: true, description: 'Our id: `pc_…`.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Your own id of the customer.' })
  externalId?: string | null;

  @Field(() => String, { nullable: true, description: 'The email address, in any case.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: "Stripe's id: `cus_…`." })
  stripeId?: string | null;
}

/** How the reader looks for that customer. @throws Refusal BAD_USER_INPUT where all of them are null. */
export function customerWhere({ id, externalId, email, stripeId }: CustomerBy) {
  if (id != null) return { id };
  if (externalId != null) return { externalId };
  if (email != null) return { email: email.trim().toLowerCase() };
  if (stripeId != null) return { stripeCustomerId: stripeId };
  throw badInput('Give one of id, externalId, email, stripeId, and not null.', 'by');
}
