import type { FileValue } from '../../../server/shared/fields/types.ts';
import type { FilesHere } from './files-here.ts';

/** Why an upload failed: what the server said, else '' for no answer at all. */
export class UploadFault extends Error {
  constructor(readonly sentence: string) {
    super('upload');
    this.name = 'UploadFault';
  }
}

interface Said {
  title?: string;
  detail?: string;
}

/** Uploads end by themselves within two minutes; a little more for the way. */
const LONGEST_MS = 130_000;

/**
 * Uploads a file for a field. XMLHttpRequest, since fetch can't tell how far an upload has come.
 * @param onProgress how much has gone, 0 to 1
 * @throws UploadFault
 */
export function uploadFile(
  here: FilesHere,
  field: string,
  file: Blob,
  {
    name,
    locale,
    onProgress,
    begun,
  }: {
    name: string;
    locale: string;
    onProgress: (part: number) => void;
    /** Gets what ends the upload. */
    begun: (abort: () => void) => void;
  },
): Promise<FileValue> {
  const body = new FormData();
  body.append('file', file, name);
  const version = here.version ? `&version=${here.version}` : '';
  const url = `${here.path}?form=${encodeURIComponent(here.form)}&field=${encodeURIComponent(field)}${version}`;
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', url);
    xhr.timeout = LONGEST_MS;
    xhr.setRequestHeader('Accept', 'application/json');
    xhr.setRequestHeader('Accept-Language', locale);
    xhr.setRequestHeader('X-Requested-With', 'dengji');
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    };
    xhr.onload = () => {
      let said: unknown;
      try {
        said = JSON.parse(xhr.responseText);
      } catch {
        said = null;
      }
      if (xhr.status === 201 && said) return resolve(said as FileValue);
      const { title, detail } = (said || {}) as Said;
      reject(new UploadFault([title, detail].filter(Boolean).join(locale === 'en' ? '. ' : '。')));
    };
    xhr.onerror = xhr.ontimeout = xhr.onabort = () => reject(new UploadFault(''));
    begun(() => xhr.abort());
    xhr.send(body);
  });
}

/** `1.2 MB`, `340 KB`. */
export function sizeText(bytes: number): string {
  const kilobytes = bytes / 1024;
  return kilobytes < 1000 ? `${Math.max(1, Math.round(kilobytes))} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}
