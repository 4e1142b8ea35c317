import '../../common/theme/tokens.css';
import '../../common/theme/citizen.css';
import { createApp } from 'vue';
import { restoreLocale } from '../../common/i18n/index.ts';
import { restoreElder } from '../../common/ui/elder.ts';
import App from './App.vue';
import { fetchAhead } from './routes.ts';

restoreElder();
void restoreLocale().then(() => createApp(App).mount('#app'));
setTimeout(fetchAhead, 2500);
