import { operation } from '../wire/operation.ts';
import { pageOf } from '../wire/page-of.ts';
import { page } from '../wire/parameter-kinds.ts';

export const listLineItems = operation(page, async (tx, input, id) => {
  const session = await tx.get('checkout.session', id!, 'session');
  return pageOf(session.line_items!.data, session.line_items!.url, input);
});
