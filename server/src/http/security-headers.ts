import type Koa from 'koa';

const COMMON: Record<string, string> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Not `no-referrer`: browsers of 2018 then send `Origin: null` with our own writes, which the same-site check refuses.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(self), geolocation=(), microphone=()',
};

/** Every answer of the API: nothing in it may be rendered, framed or stored. */
const API: Record<string, string> = {
  ...COMMON,
  'Content-Security-Policy': "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
  'Cache-Control': 'no-store',
};

/**
 * The inline scripts of citizens' pages: web/boot/boot.js as it stands in the page, which web/test/sizes.test.ts compares. When it
 * changes, its hash stays here for one more release: hosts serve pages of two releases under one configuration.
 */
const BOOT_SCRIPTS = ['sha256-Uzsnr68IuPsbtetNKaQtwSvlW4XIsVwtcj7eBCk1U80='];

/** Where citizens' pages in a mini-program fetch WeChat's SDK, by which they reach the shell: web/common/bridge/sdk.ts. */
const WECHAT_SDK = 'https://res.wx.qq.com/open/js/';

const policy = (scripts: string) =>
  `default-src 'self'; script-src 'self'${scripts}; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;

/** Pages: own scripts only. Inline style attributes are allowed because Element Plus positions its pop-ups with them. */
const PAGE: Record<string, string> = {
  ...COMMON,
  'Content-Security-Policy': policy(''),
};

/** Citizens' pages: the boot script, and WeChat's SDK in mini-programs. */
const CITIZEN_PAGE: Record<string, string> = {
  ...PAGE,
  'Content-Security-Policy': policy(` ${BOOT_SCRIPTS.map((hash) => `'${hash}'`).join(' ')} ${WECHAT_SDK}`),
};

const HSTS = 'max-age=63072000; includeSubDomains';

/** Sets the headers of an answer; `https` adds HSTS. */
export function setSecurityHeaders(ctx: Koa.Context, kind: 'api' | 'page', https: boolean): void {
  const headers = kind === 'api' ? API : ctx.path.startsWith('/register/') ? CITIZEN_PAGE : PAGE;
  for (const name in headers) ctx.res.setHeader(name, headers[name]!);
  if (https) ctx.res.setHeader('Strict-Transport-Security', HSTS);
}
