import type { RouteRecordRaw } from 'vue-router';
import { t } from '../apps.texts.ts';

const features = {
  overview: () => import('../../features/overview/Overview.vue'),
  people: () => import('../../features/people/PeopleList.vue'),
  personEditor: () => import('../../features/people/PersonEditor.vue'),
  submissions: () => import('../../features/submissions/SubmissionsList.vue'),
  submissionEditor: () => import('../../features/submissions/SubmissionEditor.vue'),
  submissionPrint: () => import('../../features/submissions/SubmissionPrint.vue'),
  personMerge: () => import('../../features/people/PersonMerge.vue'),
  recordSettings: () => import('../../features/record-settings/RecordSettings.vue'),
  forms: () => import('../../features/forms/FormsList.vue'),
  form: () => import('../../features/forms/FormPage.vue'),
  imports: () => import('../../features/imports/ImportsList.vue'),
  importNew: () => import('../../features/imports/ImportStart.vue'),
  importPage: () => import('../../features/imports/ImportPage.vue'),
  importReview: () => import('../../features/imports/ImportReview.vue'),
  exports: () => import('../../features/exports/ExportsList.vue'),
  tasks: () => import('../../features/tasks/TasksPage.vue'),
};
const create = () => t('create');
const edit = () => t('edit');

/** The places of the business backend. A list and the record open beside it are one route, so that the list stays. */
export const routes: RouteRecordRaw[] = [
  { path: '/', component: features.overview },
  { path: '/people/new', component: features.personEditor, meta: { anyOf: ['person.write'], crumb: create } },
  {
    path: '/people/:id/edit',
    component: features.personEditor,
    props: true,
    meta: { anyOf: ['person.write'], crumb: edit },
  },
  {
    path: '/people/:id/merge',
    component: features.personMerge,
    props: true,
    meta: { anyOf: ['person.merge'], crumb: () => t('merge') },
  },
  { path: '/people/:id?', component: features.people, props: true, meta: { anyOf: ['person.read'] } },
  {
    path: '/submissions/new',
    component: features.submissionEditor,
    meta: { anyOf: ['submission.write'], crumb: create },
  },
  {
    path: '/submissions/:id/edit',
    component: features.submissionEditor,
    props: true,
    meta: { anyOf: ['submission.write'], crumb: edit },
  },
  {
    path: '/submissions/:id/print',
    component: features.submissionPrint,
    props: true,
    meta: { anyOf: ['submission.read'], crumb: () => t('print') },
  },
  {
    path: '/record-settings/:subject',
    component: features.recordSettings,
    props: true,
    meta: { anyOf: ['record.settings'], crumb: () => t('recordSettings') },
  },
  { path: '/submissions/:id?', component: features.submissions, props: true, meta: { anyOf: ['submission.read'] } },
  { path: '/forms', component: features.forms, meta: { anyOf: ['form.read'] } },
  { path: '/forms/:formKey/:tab?', component: features.form, props: true, meta: { anyOf: ['form.read'] } },
  { path: '/imports', component: features.imports, meta: { anyOf: ['import.run'] } },
  { path: '/imports/new', component: features.importNew, meta: { anyOf: ['import.run'], crumb: create } },
  { path: '/imports/:id', component: features.importPage, props: true, meta: { anyOf: ['import.run'] } },
  {
    path: '/imports/:id/review',
    component: features.importReview,
    props: true,
    meta: { anyOf: ['import.run'], crumb: () => t('review') },
  },
  { path: '/tasks', component: features.tasks, meta: { anyOf: ['import.run', 'export.run'], crumb: () => t('tasks') } },
  {
    path: '/exports/:id?',
    component: features.exports,
    props: true,
    meta: { anyOf: ['export.run', 'export.approve'] },
  },
];
