/** What a person reads once everything runs: addresses, first logins, SMS codes. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { firstLoginFile } from './local.mjs';
import { bold, dim, elapsed, say, yellow } from './terminal.mjs';

/**
 * @param {[string, string][]} addresses what → URL
 * @param {number} began when the command was given (milliseconds)
 */
export function greet(addresses, began) {
  say(`\n${bold('Dengji is running')} ${dim(`(started in ${elapsed(Date.now() - began)})`)}\n`);
  for (const [what, url] of addresses) say(`  ${what.padEnd(20)}${bold(url)}`);
  say('');
  showFirstLogin();
  say(`SMS codes appear here. Logs: .data/log/. ${dim('Ctrl-C stops everything.')}\n`);
}

/** A line of the SMS outbox. */
export function showMessage({ phone, template, params }) {
  say(
    `${yellow('SMS')} to ${phone}: ${params?.code ? `code ${bold(params.code)}` : `${template} ${JSON.stringify(params)}`}`,
  );
}

/** The password is printed at the first start that came this far; later it has been changed. */
function showFirstLogin() {
  if (!existsSync(firstLoginFile)) return;
  const shown = `${firstLoginFile}.shown`;
  if (existsSync(shown) && statSync(shown).mtimeMs >= statSync(firstLoginFile).mtimeMs) {
    say('  First login: see .data/first-admin.json (until its password is changed).\n');
    return;
  }
  const content = JSON.parse(readFileSync(firstLoginFile, 'utf8'));
  const logins = content.logins ?? [content];
  say('  First login (the password must be changed when it is first used; kept in .data/first-admin.json):');
  for (const { name, password } of logins) say(`    ${bold(name)}   ${bold(password)}`);
  say('');
  writeFileSync(shown, '');
}
