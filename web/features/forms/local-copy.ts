import type { Answers } from '../../../server/shared/fields/types.ts';
import { deviceShelf } from '../../common/storage.ts';
import { onLogOut } from '../login/index.ts';

/** What this device keeps of a draft while the server can't have it. */
export interface LocalCopy {
  accountId: string;
  version: number;
  answers: Answers;
  step: number;
  /** The server's rev that these answers grew from. */
  rev: number;
  /** When the server had it. */
  savedAt?: string;
  /** Fingerprints of what was sent to the server and never answered: it may have come there. */
  unheard?: string[];
  /** The last of them, as older pages kept it. */
  sent?: Answers | null;
  /** Since when it lies here (ms, of this device); missing in copies of older pages. */
  at?: number;
}

/** What lies on the device: a copy, or only since when there is none. */
export type Kept = Partial<LocalCopy>;

/** The database and the names that `keep-copy.ts` keeps copies under. */
export const COPIES = 'dengji';
export const LIST = 'drafts';
export const copyName = (formKey: string) => `draft.${formKey}`;

/** The copy of this account, if there is one; another account's is never shown. */
export function localCopy(formKey: string, accountId: string): LocalCopy | null {
  const copy = deviceShelf.get<LocalCopy>(copyName(formKey));
  return copy && copy.accountId === accountId ? copy : null;
}

// At log-out nothing of anybody stays on the phone, whichever screens were loaded.
onLogOut(() => {
  (deviceShelf.get<string[]>(LIST) || []).forEach((formKey) => deviceShelf.remove(copyName(formKey)));
  deviceShelf.remove(LIST);
  try {
    indexedDB.deleteDatabase(COPIES);
  } catch {
    // The browser has none, so nothing is in it.
  }
});
