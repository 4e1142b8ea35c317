import { call } from '../client/http.ts';
import type { FilesHere } from '../widgets/files-here.ts';

/** Where a citizen's file is read. */
export const ownFile = (id: string): string => `/api/citizen/files/${encodeURIComponent(id)}`;

/** What a citizen's page says of the form on it; the widget of files asks for it. */
export const ownFiles = (form: string, version: number): FilesHere => ({
  path: '/api/citizen/files',
  form,
  version,
  link: ownFile,
  // What can't be removed now is swept later.
  remove: (id) => void call('DELETE', ownFile(id)).catch(() => undefined),
});
