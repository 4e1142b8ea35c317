import type { Field, Option, Step, Text } from '../../fields/types.ts';

/** What the templates are made of. */

export const words = (zh: string, en: string): Text => ({ 'zh-CN': zh, en });

export const choice = (code: string, zh: string, en: string): Option => ({ code, label: words(zh, en) });

export const YES_NO: Option[] = [choice('yes', '是', 'Yes'), choice('no', '否', 'No')];

/** Who somebody is, as most forms ask it. */
export const nameField: Field = {
  key: 'name',
  kind: 'text',
  label: words('姓名', 'Name'),
  required: true,
  max: 50,
  maps: 'person.name',
};
export const documentField: Field = {
  key: 'document',
  kind: 'document',
  label: words('证件', 'Identity document'),
  required: true,
  maps: 'person.document',
};
export const phoneField: Field = {
  key: 'phone',
  kind: 'phone',
  label: words('手机号', 'Mobile number'),
  required: true,
  maps: 'person.phone',
};

/** The last step: what somebody confirms. */
export const confirmStep = (zh: string, en: string): Step => ({
  key: 'confirm',
  title: words('确认', 'Confirmation'),
  fields: [{ key: 'agreed', kind: 'consent', label: words(zh, en), required: true }],
});
