/**
 * One way for pages to do what only a phone can: in the mini-program by its shell, in a plain browser by what that offers.
 * The words between both are the contract in `miniapp/contract/`.
 */
import { isMiniProgram } from './env.ts';
import { isPlace } from './fragment.ts';
import { ask } from './request.ts';
import { pickPhoto, readCode, shareHere } from './browser.ts';
import { miniProgram } from './sdk.ts';

/** Why there is no value: the citizen left it, refused a right, it failed, or this device has no way to do it. */
export type Missing = 'cancel' | 'denied' | 'failed' | 'unsupported';
export type Outcome<T> = { ok: true; value: T } | { ok: false; why: Missing };

/** Goes to a page of the shell; false if it can't be reached. */
async function turn(how: 'navigateTo' | 'redirectTo', url: string): Promise<boolean> {
  const shell = isMiniProgram() ? await miniProgram() : null;
  if (!shell) return false;
  return new Promise((resolve) => shell[how]({ url, success: () => resolve(true), fail: () => resolve(false) }));
}

const link = (page: string, place: string) => `${page}${isPlace(place) ? `#${place}` : ''}`;

export const bridge = {
  isMiniProgram,

  /** Reads a QR code or bar code: the shell's scanner, else a photo. `unsupported`: let it be typed. */
  scan: (): Promise<Outcome<string>> => (isMiniProgram() ? ask('scan') : readCode()),

  /** The code of WeChat's phone component, for the server. Only in a mini-program. */
  phone: (): Promise<Outcome<string>> =>
    isMiniProgram() ? ask('phone') : Promise.resolve({ ok: false, why: 'unsupported' }),

  /** A photo of the camera or the album; WebViews and browsers do that alike. */
  upload: (): Promise<Outcome<File>> => pickPhoto(),

  /** Opens a page (`/register/`), perhaps at a place inside it (`/submissions`): in the mini-program as a page of the shell with a back arrow. */
  async navigate(page: string, place = ''): Promise<void> {
    if (!/^\/[a-z]+\/$/.test(page)) throw new Error(`no page: ${page}`);
    const to = link(page, place);
    if (await turn('navigateTo', `/pages/web/web?path=${encodeURIComponent(to)}`)) return;
    location.assign(to);
  },

  /** What the share card of this page says; the citizen shares by the menu of WeChat. In a browser: shares at once. */
  async share(title: string, place: string): Promise<'card' | 'shared' | 'copied' | 'failed'> {
    const path = link(location.pathname, place);
    const shell = isMiniProgram() ? await miniProgram() : null;
    if (!shell) return shareHere(title, location.origin + path);
    shell.postMessage({ data: { type: 'share', title: title.slice(0, 60), path } });
    return 'card';
  },

  /** Leaves the page: back to the shell's home page, or to where the browser was. */
  async close(): Promise<void> {
    if (await turn('redirectTo', '/pages/home/home')) return;
    if (history.length > 1) history.back();
    else location.hash = '/';
  },

  /** Asks the shell to log in again and to open this page at a place. False in a plain browser: show the SMS login. */
  login: (place: string): Promise<boolean> =>
    turn('redirectTo', `/pages/web/web?path=${encodeURIComponent(link(location.pathname, place))}&again=1`),
};
