import { parseArgs } from 'node:util';
import { type Environment, environments } from '../../environment.ts';
import { badInput } from '../../errors.ts';
import { backfillObjects } from '../listings/backfill-objects.ts';
import type { Assignment } from './assignment.ts';
import type { BackfillInput } from './start-backfill.ts';

const options = {
  environment: { type: 'string', default: 'TEST' },
  objects: { type: 'string' },
  'created-after': { type: 'string' },
  project: { type: 'string' },
  'metadata-key': { type: 'string' },
  assign: { type: 'string', multiple: true },
  follow: { type: 'boolean', default: false },
} as const;

export type BackfillArguments = { environment: Environment } & (
  | { follow: true; input: null }
  | { follow: false; input: BackfillInput }
);

/** @throws Refusal BAD_USER_INPUT with the option that is wrong. */
export function readBackfillArguments(args: string[]): BackfillArguments {
  const { values } = parse(args);
  const environment = environments.find((one) => one === values.environment.toUpperCase());
  if (!environment) throw badInput('--environment is TEST or LIVE.', 'environment');
  if (values.follow) return { environment, follow: true, input: null };
  const input = {
    objects: values.objects?.split(',').map(objectNamed),
    createdAfter: values['created-after'] === undefined ? null : instantNamed(values['created-after']),
    assign: assignmentNamed(values),
  };
  return { environment, follow: false, input };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options });
  } catch (failure) {
    throw badInput((failure as Error).message, 'arguments');
  }
}

function objectNamed(name: string) {
  const object = backfillObjects.find((one) => one === name.trim().toUpperCase());
  if (!object) throw badInput(`--objects: there are no "${name}" to bring.`, 'objects');
  return object;
}

function instantNamed(text: string): Date {
  const instant = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(instant.getTime()))
    throw badInput('--created-after is an instant with its zone: 2025-01-31T00:00:00Z.', 'createdAfter');
  return instant;
}

function assignmentNamed(values: { project?: string; 'metadata-key'?: string; assign?: string[] }): Assignment {
  const { project, 'metadata-key': key, assign = [] } = values;
  if (project !== undefined && key === undefined && !assign.length) return { projectId: project };
  if (project !== undefined || key === undefined)
    throw badInput('Say whose the objects are: --project, or --metadata-key with --assign.', 'assign');
  const projects = assign.map((pair) => {
    const at = pair.lastIndexOf('=');
    return { value: pair.slice(0, Math.max(at, 0)), projectId: pair.slice(at + 1) };
  });
  return { metadata: { key, projects } };
}
