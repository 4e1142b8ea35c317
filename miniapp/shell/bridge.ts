import { readMessage, resultFragment, type Result, type ResultFault, type ShareMessage } from '../contract/contract';
import { originOf, readPath, type PagePath } from './paths';

/** A web page that is open: what was asked to open, and what WeChat says it has loaded since. */
export interface OpenPage {
  src: string;
  /** '' until WeChat has told. */
  loaded: string;
}

export interface ShareCard {
  title: string;
  path: PagePath;
}

/** Whether what is on the screen is ours. A page of another origin gets no result and is heard by nobody. */
export const isOurs = (page: OpenPage, site: string): boolean => originOf(page.loaded || page.src) === site;

/**
 * The URL that hands a result over: what is loaded now, with nothing changed but the fragment, so that nothing is loaded anew and what was typed stays.
 * Null if the page is not ours.
 */
export function resultUrl(page: OpenPage, site: string, result: Result): string | null {
  if (!isOurs(page, site)) return null;
  const [base = ''] = (page.loaded || page.src).split('#');
  return `${base}#${resultFragment(result)}`;
}

/** The newest message that means something. `data`: every message since the page was opened, as WeChat hands them over. */
export function lastShare(page: OpenPage, site: string, data: unknown): ShareCard | null {
  if (!isOurs(page, site) || !Array.isArray(data)) return null;
  const messages = data
    .slice(-50)
    .map(readMessage)
    .filter((one): one is ShareMessage => one !== null);
  for (const { title, path } of messages.reverse()) {
    const place = readPath(path);
    if (place) return { title, path: place };
  }
  return null;
}

/** Why WeChat gave no result: `scanCode:fail cancel`, `…:fail auth deny`, `…:fail privacy permission is not authorized`. */
export function faultOf(errMsg: string): ResultFault {
  if (/cancel/i.test(errMsg)) return 'cancel';
  return /den(y|ied)|auth|privacy/i.test(errMsg) ? 'denied' : 'failed';
}

/** One result on its way from a page of the shell to the web page that is shown next. */
export interface Mail {
  put(result: Result): void;
  take(): Result | null;
}

export function createMail(): Mail {
  let held: Result | null = null;
  return {
    put: (result) => void (held = result),
    take: () => {
      const result = held;
      held = null;
      return result;
    },
  };
}
