import type { Locale } from '../../../shared/fields/index.ts';
import type { Cipher } from '../../infra/crypto/index.ts';
import type { VersionMode } from './exports.model.ts';
import type { ExportFilter } from './exports.schema.ts';

/** What was asked for, beside what the document says in clear. */
export interface ExportRequest {
  filter: ExportFilter;
  /** null: all. */
  columns: string[] | null;
  versions: VersionMode;
  reason: string;
  /** Of the requester: the file speaks it. */
  locale: Locale;
}

const context = (field: string, id: unknown) => `export.${field}:${String(id)}`;

/** How exports are stored: filters, reasons and passwords sealed, link tokens as keyed hashes. */
export const createExportCodec = (cipher: Cipher) => ({
  sealRequest: (id: unknown, request: ExportRequest) => cipher.sealJson(request, context('request', id)),
  openRequest: (id: unknown, sealed: string) => cipher.openJson<ExportRequest>(sealed, context('request', id)),
  sealPassword: (id: unknown, password: string) => cipher.seal(password, context('password', id)),
  openPassword: (id: unknown, sealed: string) => cipher.open(sealed, context('password', id)),
  sealReason: (id: unknown, reason: string) => cipher.seal(reason, context('reason', id)),
  openReason: (id: unknown, sealed: string) => cipher.open(sealed, context('reason', id)),
  linkId: (token: string) => cipher.index('export.link', token),
});

export type ExportCodec = ReturnType<typeof createExportCodec>;
