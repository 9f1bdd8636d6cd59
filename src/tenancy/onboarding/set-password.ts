import type { EntityManager } from '@mikro-orm/core';
import { Refusal } from '../../errors.ts';
import { hashPassword } from '../../identity/operators/hash-password.ts';
import { OperatorAccount } from '../../identity/operators/operator-account.entity.ts';
import { OperatorSession } from '../../identity/operators/operator-session.entity.ts';

/**
 * Gives an operator a new password, and ends all of his sessions.
 * @throws Refusal NOT_FOUND for an address that nobody has; BAD_USER_INPUT for a password that is none.
 */
export async function setPassword(
  { em }: { em: EntityManager },
  { email, password }: { email: string; password: string },
): Promise<void> {
  const hash = await hashPassword(password, 'password');
  await em.transactional(async (em) => {
    const account = await em.findOne(OperatorAccount, { operator: { email }, providerId: 'credential' });
    if (!account) throw new Refusal('NOT_FOUND', 'No operator has this address.', { field: 'email' });
    account.password = hash;
    for (const session of await em.find(OperatorSession, { operator: account.operator })) em.remove(session);
  });
}
