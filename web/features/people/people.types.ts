/** A person in a list; document, phone and address are masked. */
export interface PersonItem {
  id: string;
  name: string;
  gender: string | null;
  birthDate: string | null;
  documentType: string | null;
  document: string | null;
  phone: string | null;
  region: string | null;
  regionName: string | null;
  createdAt: string;
  updatedAt: string;
  deletedAt: string | null;
}

export type SensitiveKey = 'document' | 'phone' | 'address';

export interface PersonDetail extends PersonItem {
  address: string | null;
  rev: number;
  deletedBy: string | null;
  mergedInto: string | null;
  /** What can be revealed. */
  sensitive: SensitiveKey[];
}

export interface HistoryEntry {
  at: string;
  action: string;
  by: { kind: 'citizen' | 'staff' | 'system'; name: string | null };
  reason: string | null;
  changes: { key: string; before: string | null; after: string | null }[];
}
