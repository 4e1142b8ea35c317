import type { InjectionKey } from 'vue';

/** What a page says of the form that is filled in on it, so that files can be uploaded for its fields. */
export interface FilesHere {
  /** Where uploads go: `/api/citizen/files` or `/api/business/files`. */
  path: string;
  form: string;
  version?: number | undefined;
  /** Where a file that is in the answers already can be read; null where it can't. */
  link(id: string): string | null;
  /** Gives up a file that was not sent, so that it does not lie about until it is swept. */
  remove?(id: string): void;
}

/** Provided by pages that fill forms in; without it (a designer's preview) nothing can be uploaded. */
export const FILES_HERE: InjectionKey<() => FilesHere | null> = Symbol('files');
