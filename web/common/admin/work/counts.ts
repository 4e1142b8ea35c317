/** How many things of one kind there are; `key` names it in tests and links. */
export interface Count {
  key: string;
  label: string;
  value: number;
  tone?: 'success' | 'primary' | 'warn' | 'danger' | undefined;
}
