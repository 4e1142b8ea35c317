/**
 * What the shell uses of `wx`, and nothing more. tsc holds it against the official typings where app.ts hands `wx` over; tests hand over a
 * simulated one.
 */
export interface Fault {
  errMsg: string;
}

export interface Callbacks<T> {
  success?: (result: T) => void;
  fail?: (fault: Fault) => void;
}

export interface HttpRequest {
  url: string;
  method: 'GET' | 'POST';
  header: Record<string, string>;
  data?: Record<string, unknown>;
  /** Milliseconds. */
  timeout: number;
}

export interface HttpAnswer {
  statusCode: number;
  /** Decoded JSON, or the text if it was none. */
  data: unknown;
}

export interface UpdateManager {
  onUpdateReady(listener: () => void): void;
  onUpdateFailed(listener: () => void): void;
  applyUpdate(): void;
}

/** How WeChat is told what the citizen answered when it asked for consent. */
export type ConsentAnswer = (answer: { event: 'agree'; buttonId: string } | { event: 'disagree' }) => void;

export interface Platform {
  request(option: HttpRequest & Callbacks<HttpAnswer>): unknown;
  login(option: Callbacks<{ code: string }>): unknown;
  getRandomValues(option: { length: number } & Callbacks<{ randomValues: ArrayBuffer }>): unknown;
  getStorageSync(key: string): unknown;
  setStorageSync(key: string, value: unknown): void;
  getAppBaseInfo(): { language: string; fontSizeScaleFactor?: number; fontSizeSetting?: number };
  getUpdateManager(): UpdateManager;
  getNetworkType(option: Callbacks<{ networkType: string }>): unknown;
  onNetworkStatusChange(listener: (state: { isConnected: boolean }) => void): void;
  getPrivacySetting(option: Callbacks<{ needAuthorization: boolean }>): unknown;
  /** The listener gets a ConsentAnswer; the official typings say that it is a Fault. */
  onNeedPrivacyAuthorization(listener: (answer: Fault) => void): void;
  openPrivacyContract(option: Callbacks<unknown>): unknown;
  scanCode(option: { scanType: ('qrCode' | 'barCode')[] } & Callbacks<{ result: string }>): unknown;
  navigateTo(option: { url: string } & Callbacks<unknown>): unknown;
  redirectTo(option: { url: string } & Callbacks<unknown>): unknown;
  reLaunch(option: { url: string } & Callbacks<unknown>): unknown;
  navigateBack(option: { delta: number } & Callbacks<unknown>): unknown;
  stopPullDownRefresh(option: Callbacks<unknown>): unknown;
  setNavigationBarTitle(option: { title: string }): unknown;
  showModal(
    option: {
      title: string;
      content: string;
      showCancel: boolean;
      confirmText: string;
      cancelText?: string;
    } & Callbacks<{
      confirm: boolean;
    }>,
  ): unknown;
}

/** A call of `wx` as a promise, which rejects with WeChat's own Fault. */
export function ask<T>(call: (callbacks: Required<Callbacks<T>>) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    // WeChat's faults are plain objects: { errMsg: 'scanCode:fail cancel' }.
    call({ success: resolve, fail: (fault) => reject(new Error(fault.errMsg)) });
  });
}

/** Keeps a value on the phone. A full or broken storage is no reason to stop: what is kept here only saves a question or a wait. */
export function keep(wx: Platform, key: string, value: unknown): void {
  try {
    wx.setStorageSync(key, value);
  } catch {
    // Asked or fetched again next time.
  }
}

/** What was kept; undefined if there is nothing, or it can't be read. */
export function kept(wx: Platform, key: string): unknown {
  try {
    const value = wx.getStorageSync(key);
    return value === '' ? undefined : value;
  } catch {
    return undefined;
  }
}
