/** The part of WeChat's JS-SDK by which a page in a mini-program reaches its shell. */
export interface MiniProgram {
  navigateTo(options: { url: string; success?: () => void; fail?: () => void }): void;
  redirectTo(options: { url: string; success?: () => void; fail?: () => void }): void;
  navigateBack(options?: { delta?: number }): void;
  postMessage(options: { data: unknown }): void;
}

type WithSdk = { wx?: { miniProgram?: MiniProgram } };

/** How long a phone may take to fetch the SDK before the page goes on without it. */
const LATE_MS = 8000;

let loading: Promise<MiniProgram | null> | null = null;

/** The SDK, fetched when it is needed for the first time; only ever called in a mini-program. Null if it can't be had now. */
export async function miniProgram(): Promise<MiniProgram | null> {
  const there = (window as WithSdk).wx;
  if (there && there.miniProgram) return there.miniProgram;
  loading = loading || fetchSdk();
  const found = await loading;
  // The next one who asks may have more luck.
  if (!found) loading = null;
  return found;
}

function fetchSdk(): Promise<MiniProgram | null> {
  return new Promise((resolve) => {
    const script = document.createElement('script');
    const end = () => {
      const sdk = (window as WithSdk).wx;
      resolve((sdk && sdk.miniProgram) || null);
    };
    script.src = __JWEIXIN__;
    script.onload = script.onerror = end;
    setTimeout(end, LATE_MS);
    document.head.appendChild(script);
  });
}
