/** Nothing of this feature is used by others but its screens, which the app's routes load. */
export { lastReceipt } from './submit.ts';
