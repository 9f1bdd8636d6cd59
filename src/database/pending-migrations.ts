import type { EntityManager, IMigrator } from '@mikro-orm/core';

/** The migrations that the tables have not seen, by name. */
export async function pendingMigrations(em: EntityManager): Promise<string[]> {
  const migrator = em.config.getExtension<IMigrator>('@mikro-orm/migrator');
  return (await migrator!.getPending()).map(({ name }) => name);
}
