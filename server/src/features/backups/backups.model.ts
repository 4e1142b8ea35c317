import type { Connection, Model } from 'mongoose';
import { defineSchema } from '../../infra/mongo/index.ts';

/** A run of scripts/backup.mjs, which writes these documents; the server only reads them. */
export interface BackupDoc {
  _id: string;
  kind: 'dump' | 'oplog';
  state: 'good' | 'failed';
  startedAt: Date;
  endedAt: Date;
  bytes: number | null;
  documents: number | null;
  file: string | null;
  sha256: string | null;
  error: string | null;
}

const schema = () =>
  defineSchema<BackupDoc>({
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    state: { type: String, required: true },
    startedAt: { type: Date, required: true },
    endedAt: { type: Date, required: true },
    bytes: Number,
    documents: Number,
    file: String,
    sha256: String,
    error: String,
  });

export const backupModel = (connection: Connection): Model<BackupDoc> =>
  (connection.models['Backup'] as Model<BackupDoc> | undefined) ??
  connection.model<BackupDoc>('Backup', schema(), 'backups');
