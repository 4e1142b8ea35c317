import { settings } from './settings';
import { createShell, type ShellApp } from './shell/shell';

App<ShellApp>({
  shell: createShell(wx, settings),

  onLaunch() {
    this.shell.start();
  },

  /** A share card of another version may name a page that is not here. */
  onPageNotFound() {
    void this.shell.home();
  },
});
