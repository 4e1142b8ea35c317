import '../../common/theme/tokens.css';
import '../../common/theme/citizen.css';
import { createApp } from 'vue';
import { boot } from '../../common/boot.ts';
import { restoreLocale } from '../../common/i18n/index.ts';
import { startAt } from '../../common/routing.ts';
import { fetched, keepTyped } from '../../common/stale.ts';
import { keepInSight } from '../../common/ui/keyboard.ts';
import { restoreElder } from '../../common/ui/elder.ts';
import { checkAgain, enterBy, whoAmI } from '../../features/login/index.ts';
import App from './App.vue';
import { fetchAhead } from './routes.ts';

boot.app = true;
restoreElder(boot.entry);
keepInSight();
if (boot.entry) {
  const shell = fetched(import('../../features/login/by-shell.ts'));
  enterBy(async () => (await shell).spendTicket());
  startAt(boot.entry);
  // A ticket lives two minutes: it is spent now, not when a screen asks.
  whoAmI().catch(() => undefined);
}
// The shell opens this page again by its fragment alone: it begins anew, with the new ticket.
addEventListener('hashchange', () => {
  if (/^#[tn]=/.test(location.hash)) void keepTyped().then(() => location.reload());
});
// Brought back out of memory, after a log-out or somebody else's log-in perhaps.
addEventListener('pageshow', (event) => {
  if (event.persisted) void checkAgain().then((same) => same || location.reload());
});
void restoreLocale().then(() => createApp(App).mount('#app'));
setTimeout(fetchAhead, 2500);
