import {
  type ChangeSet,
  type EntityManager,
  type EntityMetadata,
  type EntityProperty,
  type FlushEventArgs,
  JsonType,
  wrap,
} from '@mikro-orm/core';
import type { Change } from './change.ts';

/** What a table tells of our own work, and nothing of the business. */
const ownWork = ['Lane', 'StoredOperation', 'AuditEntry'];
/** Columns that change with every write. */
const silent = ['updatedAt', 'createdAt', 'evidence'];

/**
 * Hears of every change of a row that is flushed by this EntityManager or by one that it forks for a transaction.
 * Statements that bypass the unit of work are not seen: whoever runs one tells of it himself (see operations/operation.ts).
 * @param hear called within the flush, before its statements run.
 */
export function watchWrites(em: EntityManager, hear: (changes: Change[], em: EntityManager) => void): void {
  em.getEventManager().registerSubscriber({
    onFlush({ em, uow }: FlushEventArgs) {
      const changes = uow
        .getChangeSets()
        .filter(({ meta }) => !ownWork.includes(meta.className))
        .map(changeOf);
      if (changes.length) hear(changes, em);
    },
  });
}

function changeOf({
  meta,
  type,
  entity,
  payload,
  originalEntity,
}: ChangeSet<{ id?: unknown; team?: { id: string } }>): Change {
  const subject = {
    subjectType: meta.className,
    subjectId: String(entity.id ?? wrap(entity, true).getSerializedPrimaryKey()),
    teamId: entity.team?.id,
  };
  const told = (values: object) => tell(values, meta);
  const before = (originalEntity ?? {}) as Record<string, unknown>;
  if (type.startsWith('create')) return { ...subject, before: null, after: told(payload) };
  if (type.startsWith('delete')) return { ...subject, before: told(before), after: null };
  const changed = Object.keys(payload);
  const earlier = Object.fromEntries(changed.map((name) => [name, before[name] ?? null]));
  return { ...subject, before: told(earlier), after: told(payload) };
}

/** By the names of properties. The unit of work holds JSON as text. */
function tell(values: object, { properties }: EntityMetadata): Record<string, unknown> {
  const entries = Object.entries(values).filter(([name, value]) => !silent.includes(name) && value !== undefined);
  const isJson = (name: string) => (properties as Record<string, EntityProperty>)[name]?.customType instanceof JsonType;
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' && isJson(name) ? JSON.parse(value) : value]),
  );
}
