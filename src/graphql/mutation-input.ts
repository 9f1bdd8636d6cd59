import { Field, InputType } from 'type-graphql';

/** What every mutation's input begins with. */
@InputType()
export abstract class MutationInput {
  @Field(() => String, {
    nullable: true,
    description:
      'A text of your own, 1 to 255 printable ASCII characters, new for each call: a UUID, say. Send the same again where an answer was lost: the call is carried out once, and answered the same for at least 24 hours. `CONFLICT` where another call had it, and (`retryable`, with `retryAfter`) while the first one is being carried out. The header `Idempotency-Key` does the same for a request with one mutation.',
  })
  idempotencyKey?: string | null;
}
