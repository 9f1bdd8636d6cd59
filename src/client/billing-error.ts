/** A refusal of the server: `code` is stable, `message` is for a person. */
export class BillingError extends Error {
  override name = 'BillingError';
  readonly code: string;
  /** The input field at fault. */
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  readonly extensions: Record<string, unknown>;

  constructor(message: string, extensions: Record<string, unknown> = {}) {
    super(message);
    this.extensions = extensions;
    this.code = String(extensions.code ?? 'INTERNAL_SERVER_ERROR');
    this.field = extensions.field as string | undefined;
    this.requestId = extensions.requestId as string | undefined;
  }
}

export type Answer<Result> = {
  data?: Result | null;
  errors?: { message: string; extensions?: Record<string, unknown> }[];
};
