import type { Connection, Model } from 'mongoose';
import type { FormContent, Text } from '../../../shared/fields/types.ts';
import type { Mapping } from '../../../shared/forms/mappings.ts';
import { defineSchema } from '../../infra/mongo/index.ts';
import { scopeDefinition, type Scope } from '../scope/index.ts';

/** `retired`: closed for good, and out of sight; what was filled in stays. */
export const FORM_STATUSES = ['open', 'closed', 'retired'] as const;
export type FormStatus = (typeof FORM_STATUSES)[number];

/** How long answers begun on a version may still be sent after the next one, hours, where nothing else was said. */
export const GRACE_HOURS = 24;

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
  /** Another person looks at a version before it is published. */
  reviewed: boolean;
  scope: Scope;
  createdAt: Date;
}

/** A published version. Of what it says nothing ever changes; `acceptedUntil` is about the time after it. */
export interface FormVersionDoc {
  formKey: string;
  number: number;
  content: FormContent;
  publishedAt: Date;
  publishedBy: string;
  /** Who let it pass, where another person had to. */
  reviewedBy: string | null;
  /** What changed, in the publisher's words. */
  note: string | null;
  /** The version whose content this is again. */
  rollBackTo: number | null;
  /** How long answers begun on earlier versions may still be sent. */
  graceHours: number;
  /** How answers to the version before go over to this one. */
  mappings: Mapping[];
  /** Until when answers to it are taken; null while it is the current one. */
  acceptedUntil: Date | null;
}

const anything = (name: string) => ({ type: name, required: true }) as const;

const formSchema = () =>
  defineSchema<FormDoc>({
    _id: { type: String, required: true },
    title: anything('Mixed'),
    status: { type: String, enum: FORM_STATUSES, required: true },
    currentVersion: { type: Number, default: null },
    kinds: { type: [{ _id: false, key: String, kind: String }], default: [] },
    workingVersion: {
      content: anything('Mixed'),
      rev: { type: Number, required: true },
      updatedBy: { type: String, required: true },
      updatedAt: { type: Date, required: true },
    },
    reviewed: { type: Boolean, default: false },
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
    reviewedBy: { type: String, default: null },
    note: { type: String, default: null },
    rollBackTo: { type: Number, default: null },
    graceHours: { type: Number, default: GRACE_HOURS },
    mappings: { type: ['Mixed'], default: [] },
    acceptedUntil: { type: Date, default: null },
  });

/** Forms, by their key as `_id`. */
export const formModel = (connection: Connection): Model<FormDoc> =>
  (connection.models['Form'] as Model<FormDoc> | undefined) ?? connection.model<FormDoc>('Form', formSchema(), 'forms');

export const formVersionModel = (connection: Connection): Model<FormVersionDoc> =>
  (connection.models['FormVersion'] as Model<FormVersionDoc> | undefined) ??
  connection.model<FormVersionDoc>('FormVersion', versionSchema(), 'formVersions');
