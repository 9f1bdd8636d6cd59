import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createFault, deleteFault } from '../faults/fault-operations.ts';
import { isForeign } from '../pages/is-foreign.ts';
import { sendPage } from '../pages/page.ts';
import { sendForeign, sendNotice } from '../pages/send-notice.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import type { Store } from '../store/store.ts';
import { advanceTestClock } from '../time/advance-test-clock.ts';
import { rollSecret } from '../webhooks/roll-secret.ts';
import { ApiError } from '../wire/api-error.ts';
import type { Form } from '../wire/form-body.ts';
import type { Operation } from '../wire/operation.ts';
import { perform } from '../wire/perform.ts';
import { accountView, allAccounts } from './account-view.ts';
import { accountPage, accountsPage, eventPage } from './control-page.ts';
import { type DeliveryView, listDeliveries, replayDelivery } from './delivery-operations.ts';
import { isLocal } from './is-local.ts';

type Fields = { [name: string]: Form };

/** The forms of the control page: where they post, the operation that they are for, and what it is given. */
const actions: [path: string, Operation, form: (fields: Fields) => Fields][] = [
  ['faults', createFault, withoutEmpty],
  ['faults/payment_decline_next', createFault, () => ({ kind: 'payment_decline', next: '1' })],
  ['faults/:id/delete', deleteFault, () => ({})],
  ['deliveries/:id/replay', replayDelivery, () => ({})],
  ['webhook_endpoints/:id/roll_secret', rollSecret, () => ({})],
  ['clocks/:id/advance', advanceTestClock, ({ to }) => ({ frozen_time: String(Date.parse(`${to}Z`) / 1_000) })],
];

/** The control page, for the person at this machine: it needs no key, so it answers nobody else. */
export function addControlPage(server: FastifyInstance, store: Store): void {
  const guarded = (answer: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>) => {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      if (!isLocal(request))
        return sendNotice(
          reply,
          403,
          'Only on this machine',
          'The control page answers on loopback only. From elsewhere, use its API with a key.',
        );
      if (request.method !== 'GET' && isForeign(request)) return sendForeign(reply);
      return answer(request, reply);
    };
  };

  server.get(
    '/_sandbox',
    guarded(async (_request, reply) => sendPage(reply, 200, 'Sandbox', accountsPage(await allAccounts(store)), 'wide')),
  );

  const show = async (request: FastifyRequest, reply: FastifyReply, status = 200, error?: ApiError) => {
    const { account } = request.params as { account: string };
    const view = await accountView(store.read(callerOf(request)));
    const fault = error && { message: error.message };
    return sendPage(reply, status, `${account} (sandbox)`, accountPage(view, fault), 'wide');
  };
  server.get(
    '/_sandbox/accounts/:account',
    guarded((request, reply) => show(request, reply)),
  );

  server.get(
    '/_sandbox/accounts/:account/events/:id',
    guarded(async (request, reply) => {
      const { account, id } = request.params as { account: string; id: string };
      const tx = store.read(callerOf(request));
      const plain = id.replaceAll('\0', '');
      const event = (await tx.find('event', plain)) ?? (await tx.find('v2.core.event', plain));
      if (!event) return sendNotice(reply, 404, 'There is no such event', 'Check the address.');
      const { data } = (await perform(tx, listDeliveries, { event: event.id })) as { data: DeliveryView[] };
      return sendPage(reply, 200, event.type, eventPage(account, event, data), 'wide');
    }),
  );

  for (const [path, operation, form] of actions) {
    server.post(
      `/_sandbox/accounts/:account/${path}`,
      guarded(async (request, reply) => {
        const { account, id } = request.params as { account: string; id?: string };
        const fields = form((request.body ?? {}) as Fields);
        const act = (tx: AccountTransaction) =>
          perform(tx, operation, fields, ...(id === undefined ? [] : [id.replaceAll('\0', '')]));
        try {
          await store.write(callerOf(request), act);
        } catch (error) {
          if (error instanceof ApiError) return show(request, reply, error.status, error);
          throw error;
        }
        return reply.code(303).header('location', `/_sandbox/accounts/${account}`).send();
      }),
    );
  }
}

function withoutEmpty(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

function callerOf(request: FastifyRequest) {
  const { account } = request.params as { account: string };
  return { account: account.replaceAll('\0', ''), requestId: request.id, idempotencyKey: null };
}
