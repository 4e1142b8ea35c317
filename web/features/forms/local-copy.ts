import type { Answers } from '../../../server/shared/fields/types.ts';
import { deviceShelf, tabShelf, type Shelf } from '../../common/storage.ts';

/** What this device keeps of a draft while the server can't have it. */
export interface LocalCopy {
  accountId: string;
  version: number;
  answers: Answers;
  step: number;
  /** The server's rev that these answers grew from. */
  rev: number;
}

const name = (formKey: string) => `draft.${formKey}`;
const LIST = 'drafts';

/** Keeps a copy on the phone: only while offline, and the page says so. False if there is no room. */
export function keepOnDevice(formKey: string, copy: LocalCopy): boolean {
  return keep(deviceShelf, formKey, copy);
}

/** Keeps a copy for this tab only: while the citizen logs in again, or the server is busy. */
export function keepInTab(formKey: string, copy: LocalCopy): boolean {
  return keep(tabShelf, formKey, copy);
}

function keep(shelf: Shelf, formKey: string, copy: LocalCopy) {
  const listed = shelf.get<string[]>(LIST) || [];
  if (listed.indexOf(formKey) < 0) shelf.set(LIST, listed.concat(formKey));
  return shelf.set(name(formKey), copy);
}

/** The copy of this account, if there is one; another account's is never shown. */
export function localCopy(formKey: string, accountId: string): LocalCopy | null {
  const copies = [deviceShelf, tabShelf].map((shelf) => shelf.get<LocalCopy>(name(formKey)));
  return copies.find((copy) => copy !== null && copy.accountId === accountId) || null;
}

/** The server has it, it was sent, or it is not wanted. */
export function forgetCopy(formKey: string): void {
  deviceShelf.remove(name(formKey));
  tabShelf.remove(name(formKey));
}

/** At log-out nothing of anybody stays on the phone. */
export function forgetAllCopies(): void {
  [deviceShelf, tabShelf].forEach((shelf) => {
    (shelf.get<string[]>(LIST) || []).forEach((key) => shelf.remove(name(key)));
    shelf.remove(LIST);
  });
}
