import { keep, kept, type Platform } from './platform';

export interface DisplayState {
  /** What the phone's owner chose in WeChat: 1 is normal. */
  fontScale: number;
  elder: boolean;
  /** `root-font-size` of a page of the shell. */
  rootFont: string;
}

export interface Display {
  read(): DisplayState;
  setElder(on: boolean): void;
}

const KEY = 'elder';
const ELDER = 1.4;

/** Text size: WeChat's own setting, and the elder mode that is chosen here and passed on to the pages. */
export function createDisplay(wx: Platform): Display {
  return {
    read() {
      const { fontSizeScaleFactor, fontSizeSetting } = wx.getAppBaseInfo();
      // Older versions of WeChat say pixels only; normal is 16 or 17, by system.
      const pixels = fontSizeSetting || 17;
      const said = fontSizeScaleFactor || (pixels > 17 ? pixels / 17 : 1);
      const fontScale = Math.min(Math.max(Math.round(said * 100) / 100 || 1, 0.8), 2);
      const elder = kept(wx, KEY) === true;
      return { fontScale, elder, rootFont: `${Math.round(16 * Math.min(fontScale * (elder ? ELDER : 1), 2))}px` };
    },
    setElder: (on) => keep(wx, KEY, on),
  };
}
