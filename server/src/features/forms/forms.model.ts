import type { Connection, Model } from 'mongoose';
import type { FormContent, Text } from '../../../shared/fields/types.ts';
import { defineSchema } from '../../infra/mongo/index.ts';
import { scopeDefinition, type Scope } from '../scope/index.ts';

export type FormStatus = 'open' | 'closed';

/** What is being worked on; becomes a version when published. */
export interface WorkingVersion {
  content: FormContent;
  rev: number;
  /** Name of the account. */
  updatedBy: string;
  updatedAt: Date;
}

export interface FormDoc {
  _id: string;
  title: Text;
  status: FormStatus;
  /** null before the first publishing. */
  currentVersion: number | null;
  /** Every key that a published version has used, and its kind: a key is never reused with another one. */
  kinds: { key: string; kind: string }[];
  workingVersion: WorkingVersion;
  scope: Scope;
  createdAt: Date;
}

/** A published version; never updated. */
export interface FormVersionDoc {
  formKey: string;
  number: number;
  content: FormContent;
  publishedAt: Date;
  publishedBy: string;
}

const anything = (name: string) => ({ type: name, required: true }) as const;

const formSchema = () =>
  defineSchema<FormDoc>({
    _id: { type: String, required: true },
    title: anything('Mixed'),
    status: { type: String, enum: ['open', 'closed'], required: true },
    currentVersion: { type: Number, default: null },
    kinds: { type: [{ _id: false, key: String, kind: String }], default: [] },
    workingVersion: {
      content: anything('Mixed'),
      rev: { type: Number, required: true },
      updatedBy: { type: String, required: true },
      updatedAt: { type: Date, required: true },
    },
    scope: scopeDefinition,
    createdAt: { type: Date, required: true },
  });

const versionSchema = () =>
  defineSchema<FormVersionDoc>({
    formKey: { type: String, required: true },
    number: { type: Number, required: true },
    content: anything('Mixed'),
    publishedAt: { type: Date, required: true },
    publishedBy: { type: String, required: true },
  });

/** Forms, by their key as `_id`. */
export const formModel = (connection: Connection): Model<FormDoc> =>
  (connection.models['Form'] as Model<FormDoc> | undefined) ?? connection.model<FormDoc>('Form', formSchema(), 'forms');

export const formVersionModel = (connection: Connection): Model<FormVersionDoc> =>
  (connection.models['FormVersion'] as Model<FormVersionDoc> | undefined) ??
  connection.model<FormVersionDoc>('FormVersion', versionSchema(), 'formVersions');
