/**
 * Where this shell belongs. This file is the one of development; `npm run miniapp` writes another in its place into the upload
 * folder. It is on every phone: nothing secret belongs here.
 */
export interface Settings {
  /** Origin of the citizens' pages and of their API, without a slash at the end. */
  site: string;
  /** `1.2.0`; the site may say which is the lowest that it serves. */
  version: string;
  environment: string;
}

export const settings: Settings = {
  site: 'http://localhost:3000',
  version: 'development',
  environment: 'development',
};
