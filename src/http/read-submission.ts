import type { FastifyRequest } from 'fastify';
import { badInput, Refusal } from '../errors.ts';

export type Submission = {
  /** Whether a page sent it, which wants a page back, or a program. */
  isForm: boolean;
  /** Empty where a value is missing. */
  value(name: string): string;
};

/** @throws Refusal BAD_USER_INPUT where the body is neither a form nor a JSON object. */
export function readSubmission({ headers, body }: FastifyRequest): Submission {
  const text = Buffer.isBuffer(body) ? body.toString('utf8') : '';
  const [type] = (headers['content-type'] ?? '').split(';');
  if (type === 'application/x-www-form-urlencoded') {
    const form = new URLSearchParams(text);
    return { isForm: true, value: (name) => form.get(name) ?? '' };
  }
  if (type !== 'application/json') throw badInput('Send JSON, or a form.', 'body');
  const json = parsed(text);
  return {
    isForm: false,
    value(name) {
      const value = json[name] ?? '';
      if (typeof value !== 'string') throw badInput('This must be a text.', name);
      return value;
    },
  };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  } catch {}
  throw new Refusal('BAD_USER_INPUT', 'The body is no JSON object.', { field: 'body' });
}
