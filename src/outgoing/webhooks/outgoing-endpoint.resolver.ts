import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { ConnectionArgs } from '../../graphql/connection.ts';
import type { GuardedContext, MutationContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { inProject } from '../../identity/access/principal.ts';
import { pageById } from '../../reader/page-by-id.ts';
import { createOutgoingEndpoint } from './create-outgoing-endpoint.ts';
import { deleteOutgoingEndpoint } from './delete-outgoing-endpoint.ts';
import { of } from './find-outgoing-endpoint.ts';
import { OutgoingEndpoint } from './outgoing-endpoint.entity.ts';
import {
  CreateOutgoingEndpointInput,
  DeleteOutgoingEndpointInput,
  DeleteOutgoingEndpointPayload,
  OutgoingEndpointSecretPayload,
  RotateOutgoingEndpointSecretInput,
  TestOutgoingEndpointInput,
  TestOutgoingEndpointPayload,
  UpdateOutgoingEndpointInput,
  UpdateOutgoingEndpointPayload,
} from './outgoing-endpoint.inputs.ts';
import { OutgoingEndpointConnection } from './outgoing-endpoint.type.ts';
import { rotateOutgoingEndpointSecret } from './rotate-outgoing-endpoint-secret.ts';
import { testOutgoingEndpoint } from './test-outgoing-endpoint.ts';
import { updateOutgoingEndpoint } from './update-outgoing-endpoint.ts';
import { viewOutgoingEndpoint } from './view-outgoing-endpoint.ts';

@Resolver()
export class OutgoingEndpointResolver {
  @Query(() => OutgoingEndpointConnection, {
    description: 'Where the project is told what happens, in this environment. Deleted ones are left out.',
  })
  @RequiresScopes('outgoing_webhooks:read')
  async outgoingEndpoints(@Args(() => ConnectionArgs) args: ConnectionArgs, @Ctx() { em, principal }: GuardedContext) {
    const page = await pageById(em, OutgoingEndpoint, { ...of(inProject(principal)), deletedAt: null }, args);
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: viewOutgoingEndpoint(node) }));
    return { ...page, edges, nodes: edges.map(({ node }) => node) };
  }

  @Mutation(() => OutgoingEndpointSecretPayload, {
    description:
      'Makes an endpoint, which is told of what happens from now on: docs/outgoing-webhooks.md. Its secret is answered this once. `BAD_USER_INPUT` with the field for an address that is not https or is private, and for a type that there is not; `CONFLICT` for a twenty-first one, and where the project is archived.',
  })
  @RequiresScopes('outgoing_webhooks:write')
  async createOutgoingEndpoint(
    @Arg('input', () => CreateOutgoingEndpointInput, { description: 'The endpoint.' })
    input: CreateOutgoingEndpointInput,
    @Ctx() { operation, principal, installation }: MutationContext,
  ): Promise<OutgoingEndpointSecretPayload> {
    const side = inProject(principal);
    const made = await operation.write((em) => createOutgoingEndpoint({ ...installation, em }, side, input));
    return { endpoint: viewOutgoingEndpoint(made.endpoint), secret: made.secret };
  }

  @Mutation(() => UpdateOutgoingEndpointPayload, {
    description:
      'Changes an endpoint, enables or disables it, from the next try on. `NOT_FOUND` for one that is none of the project; `BAD_USER_INPUT` with the field; `CONFLICT` where the project is archived.',
  })
  @RequiresScopes('outgoing_webhooks:write')
  async updateOutgoingEndpoint(
    @Arg('input', () => UpdateOutgoingEndpointInput, { description: 'What changes.' })
    input: UpdateOutgoingEndpointInput,
    @Ctx() { operation, principal, installation }: MutationContext,
  ): Promise<UpdateOutgoingEndpointPayload> {
    const side = inProject(principal);
    const endpoint = await operation.write((em) => updateOutgoingEndpoint({ ...installation, em }, side, input));
    return { endpoint: viewOutgoingEndpoint(endpoint) };
  }

  @Mutation(() => DeleteOutgoingEndpointPayload, {
    description:
      'Deletes an endpoint: what was on its way to it fails, and its deliveries can be read for thirty days. `NOT_FOUND` for one that is none of the project; `CONFLICT` where the project is archived.',
  })
  @RequiresScopes('outgoing_webhooks:write')
  async deleteOutgoingEndpoint(
    @Arg('input', () => DeleteOutgoingEndpointInput, { description: 'Which.' }) input: DeleteOutgoingEndpointInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<DeleteOutgoingEndpointPayload> {
    const side = inProject(principal);
    return { endpointId: await operation.write((em) => deleteOutgoingEndpoint({ em }, side, input)) };
  }

  @Mutation(() => OutgoingEndpointSecretPayload, {
    description:
      'Gives an endpoint a new secret, which is answered this once. For the overlap both sign: `webhook-signature` holds two, with a space between. `NOT_FOUND` for one that is none of the project; `BAD_USER_INPUT` for an overlap out of range; `CONFLICT` where the project is archived.',
  })
  @RequiresScopes('outgoing_webhooks:write')
  async rotateOutgoingEndpointSecret(
    @Arg('input', () => RotateOutgoingEndpointSecretInput, { description: 'Which, and for how long both sign.' })
    input: RotateOutgoingEndpointSecretInput,
    @Ctx() { operation, principal, installation }: MutationContext,
  ): Promise<OutgoingEndpointSecretPayload> {
    const side = inProject(principal);
    const made = await operation.write((em) => rotateOutgoingEndpointSecret({ ...installation, em }, side, input));
    return { endpoint: viewOutgoingEndpoint(made.endpoint), secret: made.secret };
  }

  @Mutation(() => TestOutgoingEndpointPayload, {
    description:
      'Sends an endpoint an `endpoint.test`, whatever it wants to know, in the background. `NOT_FOUND` for one that is none of the project; `CONFLICT` for one that is disabled, and where the project is archived.',
  })
  @RequiresScopes('outgoing_webhooks:write')
  async testOutgoingEndpoint(
    @Arg('input', () => TestOutgoingEndpointInput, { description: 'Which.' }) input: TestOutgoingEndpointInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<TestOutgoingEndpointPayload> {
    const side = inProject(principal);
    return operation.write(async (em, note) => {
      const messageId = await testOutgoingEndpoint({ em }, side, input);
      note({ subjectType: 'OutgoingEndpoint', subjectId: input.endpointId, after: { messageId } });
      return { messageId };
    });
  }
}
