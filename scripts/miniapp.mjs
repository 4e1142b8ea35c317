#!/usr/bin/env node
/** `npm run miniapp -- --version X --env NAME`: the folder of the mini-program that WeChat DevTools uploads. */
import { join } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { prepareShell } from './lib/miniapp.mjs';
import { readOptions, runMain } from './lib/options.mjs';
import { root } from './lib/paths.mjs';
import { shown } from './lib/run.mjs';
import { say } from './lib/terminal.mjs';

const help = `
npm run miniapp -- --version X --env NAME

Compiles miniapp/ into miniapp/dist/NAME, which WeChat DevTools opens and uploads.

  --version X   what people see as the version: 1.4.0. The site's "minShell" is compared with it
  --env NAME    one of miniapp/environments.json: which site it belongs to, and under which AppID

Refuses a folder of 300 KB or more. The AppID is public; the AppSecret is the server's and is never asked for here.
`;

await runMain(async () => {
  const { values } = readOptions(help, { version: { type: 'string' }, env: { type: 'string' } });
  await ensureInstalled();
  const from = join(root, 'miniapp');
  const { folder, files, bytes, settings } = await prepareShell(from, values);
  say(`Version ${settings.version} for ${settings.environment}: ${settings.site}`);
  say(`${files} files, ${(bytes / 1024).toFixed(1)} KB, in ${shown(folder)}`);
  say('Open that folder in WeChat DevTools and upload it; docs/miniapp.md has the checklist.');
});
