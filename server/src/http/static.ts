import sirv from 'sirv';
import type Koa from 'koa';

/** The page of each app; deep links of the two backends open the app, which reads the rest of the path itself. */
const APPS = ['register', 'business', 'system'];

/**
 * Serves the built web apps when there is no nginx in front (`npm start`). HTML is never stored, hashed assets for ever.
 */
export function serveWeb(root: string): Koa.Middleware {
  const serve = sirv(root, {
    etag: true,
    dotfiles: false,
    setHeaders: (res, path) =>
      res.setHeader('Cache-Control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store'),
  });
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    if (ctx.path === '/') return ctx.redirect('/register/');
    const app = APPS.find((name) => ctx.path === `/${name}` || ctx.path.startsWith(`/${name}/`));
    if (app && !/\.\w+$/.test(ctx.path)) {
      if (ctx.path === `/${app}`) return ctx.redirect(`/${app}/`);
      ctx.req.url = `/${app}/index.html`;
    }
    ctx.state.operationId = 'page';
    // sirv writes to the raw response; Koa must keep its hands off unless the file is not there.
    const missing = await new Promise<boolean>((resolve) => {
      ctx.res.once('close', () => resolve(false));
      ctx.res.once('finish', () => resolve(false));
      ctx.res.statusCode = 200;
      serve(ctx.req, ctx.res, () => resolve(true));
    });
    if (!missing) {
      ctx.respond = false;
      return;
    }
    ctx.res.statusCode = 404;
    await next();
  };
}
