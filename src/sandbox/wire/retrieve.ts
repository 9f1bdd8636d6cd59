import type { ObjectName } from '../objects.ts';
import { type Operation, operation } from './operation.ts';

/** `GET /v1/…/:id`, of a kind of object that is answered as it is kept. */
export function retrieve(name: ObjectName): Operation {
  return operation({}, (tx, _input, id) => tx.get(name, id!));
}
