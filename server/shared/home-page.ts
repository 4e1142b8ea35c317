import type { Text } from './fields/types.ts';

/** What a module may look like; the shell draws one that it does not know as `form`. */
export const MODULE_ICONS = ['form', 'list', 'calendar', 'pass', 'health', 'travel', 'notice', 'help'] as const;
export type ModuleIcon = (typeof MODULE_ICONS)[number];

/** One entry of the mini-program's home page. */
export interface HomeModule {
  key: string;
  title: Text;
  text: Text;
  icon: ModuleIcon;
  /** A citizens' page, perhaps a place inside it: `/register/#/submissions`. */
  path: string;
  open: boolean;
  /** What to say while it is not open; the shell has a sentence of its own. */
  notOpenText?: Text;
}

/** The work that keeps citizens out, and until when it may last (ISO 8601, UTC; null: not known). */
export interface Maintenance {
  title: Text;
  text: Text;
  until: string | null;
}

/** What an administrator decides of the home page. */
export interface HomePage {
  maintenance: Maintenance | null;
  /** Shells below this version ask to be updated: `1.2.0`. */
  minShell: string;
  items: HomeModule[];
  share: { title: Text; path: string };
  /** A new version makes the shell ask for consent again. */
  privacy: { version: string; path: string };
}

/** What holds until somebody changes it. */
export const FIRST_HOME_PAGE: HomePage = {
  maintenance: null,
  minShell: '1.0.0',
  items: [
    {
      key: 'register',
      title: { 'zh-CN': '登记', en: 'Register' },
      text: { 'zh-CN': '填写并提交登记表', en: 'Fill in a form and send it' },
      icon: 'form',
      path: '/register/',
      open: true,
    },
    {
      key: 'submissions',
      title: { 'zh-CN': '我的登记', en: 'My registrations' },
      text: { 'zh-CN': '查看已提交的登记和回执', en: 'What you have sent, with receipts' },
      icon: 'list',
      path: '/register/#/submissions',
      open: true,
    },
    {
      key: 'booking',
      title: { 'zh-CN': '预约', en: 'Booking' },
      text: { 'zh-CN': '选择时间和地点', en: 'Choose a time and a place' },
      icon: 'calendar',
      path: '/booking/',
      open: false,
      notOpenText: { 'zh-CN': '预约即将开放，请留意通知。', en: 'Booking will open soon.' },
    },
    {
      key: 'pass',
      title: { 'zh-CN': '通行码', en: 'Pass' },
      text: { 'zh-CN': '出示个人通行码', en: 'Show your pass' },
      icon: 'pass',
      path: '/pass/',
      open: false,
      notOpenText: { 'zh-CN': '通行码即将开放，请留意通知。', en: 'Passes will open soon.' },
    },
  ],
  share: { title: { 'zh-CN': '公众登记', en: 'Public registration' }, path: '/register/' },
  privacy: { version: '1', path: '/register/#/privacy' },
};
