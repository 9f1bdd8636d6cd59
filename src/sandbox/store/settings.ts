import type { Dunning } from '../invoices/dunning.ts';

/** What holds for everybody on this sandbox. */
export interface Settings {
  /** The base of the addresses of hosted pages. */
  publicUrl: string;
  dunning: Dunning;
  /** Whether live keys work, as they do for tests alone. */
  liveKeys: boolean;
}
