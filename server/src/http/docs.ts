import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type Koa from 'koa';
import { PROBLEMS } from '../../shared/codes.ts';
import { say, type Messages } from '../../shared/messages/index.ts';
import { Problem } from './problem.ts';
import type { PlainRoute } from './router.ts';

const UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>登记 Dengji · API</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="/api/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/assets/swagger-ui.css"></head>
<body><div id="ui"></div><script src="/api/docs/assets/swagger-ui-bundle.js"></script><script src="/api/docs/assets/init.js"></script></body></html>`;

/** Try-it-out sends the header that proves it is our own page. */
const INIT = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#ui', deepLinking: true, docExpansion: 'none',
  requestInterceptor: function (r) { r.headers['X-Requested-With'] = 'dengji'; return r; } });`;

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Swagger UI from local files, the document, and the list of error codes. `mayRead` decides who sees them. */
export function docsRoutes(
  document: object,
  messages: Messages,
  mayRead: (ctx: Koa.Context) => Promise<boolean>,
): PlainRoute[] {
  const json = JSON.stringify(document);
  const page =
    (name: string, answer: (ctx: Koa.Context) => void | Promise<void>): PlainRoute['handler'] =>
    async (ctx) => {
      ctx.state.operationId = name;
      if (!(await mayRead(ctx))) throw new Problem('not_logged_in');
      await answer(ctx);
    };
  return [
    {
      method: 'GET',
      path: '/api/openapi.json',
      handler: page('openapi', (ctx) => {
        ctx.type = 'application/json';
        ctx.body = json;
      }),
    },
    {
      method: 'GET',
      path: '/api/docs',
      handler: page('docs', (ctx) => {
        ctx.set('Content-Security-Policy', CSP);
        ctx.type = 'html';
        ctx.body = PAGE;
      }),
    },
    {
      method: 'GET',
      path: '/api/docs/problems',
      handler: page('docsProblems', (ctx) => {
        ctx.set('Content-Security-Policy', CSP);
        ctx.type = 'html';
        ctx.body = problemsPage(messages);
      }),
    },
    {
      method: 'GET',
      path: '/api/docs/assets/:name',
      handler: async (ctx, { name = '' }) => {
        ctx.state.operationId = 'docsAsset';
        if (name === 'init.js') {
          ctx.type = 'text/javascript';
          ctx.body = INIT;
          return;
        }
        const type = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
        if (!type) throw new Problem('not_found');
        ctx.type = type;
        ctx.body = await readFile(join(UI, name));
      },
    },
  ];
}

function problemsPage(messages: Messages): string {
  const escape = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const rows = Object.entries(PROBLEMS).map(([code, { status }]) => {
    const { title, detail } = say(messages, code as keyof typeof PROBLEMS);
    return `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escape(title)}</td><td>${escape(detail ?? '')}</td></tr>`;
  });
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>错误代码</title><meta name="viewport" content="width=device-width,initial-scale=1">
<style>body{font:16px/1.5 system-ui,sans-serif;margin:24px auto;max-width:1000px;padding:0 16px}td,th{text-align:left;padding:6px 12px;border-bottom:1px solid #d6dce4}tr:target{background:#fff3dc}</style></head>
<body><h1>错误代码</h1><table><thead><tr><th>code</th><th>status</th><th>title</th><th>detail</th></tr></thead><tbody>${rows.join('')}</tbody></table></body></html>`;
}
