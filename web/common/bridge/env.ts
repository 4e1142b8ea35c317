/** Whether this page is shown by the mini-program's shell. */
export function isMiniProgram(): boolean {
  return (
    (window as { __wxjs_environment?: string }).__wxjs_environment === 'miniprogram' ||
    /miniProgram/i.test(navigator.userAgent)
  );
}
