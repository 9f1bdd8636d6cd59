import { operation } from '../wire/operation.ts';
import { page } from '../wire/parameter-kinds.ts';

export const listEndpoints = operation(page, (tx, input) =>
  tx.list('webhook_endpoint', '/v1/webhook_endpoints', input),
);
