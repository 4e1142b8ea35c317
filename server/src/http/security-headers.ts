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

/** Pages: own scripts only. Inline style attributes are allowed because Element Plus positions its pop-ups with them. */
const PAGE: Record<string, string> = {
  ...COMMON,
  'Content-Security-Policy':
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
};

const HSTS = 'max-age=63072000; includeSubDomains';

/** Sets the headers of an answer; `https` adds HSTS. */
export function setSecurityHeaders(ctx: Koa.Context, kind: 'api' | 'page', https: boolean): void {
  const headers = kind === 'api' ? API : PAGE;
  for (const name in headers) ctx.res.setHeader(name, headers[name]!);
  if (https) ctx.res.setHeader('Strict-Transport-Security', HSTS);
}
