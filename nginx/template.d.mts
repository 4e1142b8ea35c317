/**
 * `{{name}}` becomes a value; lines between `{{#name}}` and `{{/name}}` stay when it is true, those of `{{^name}}` when not.
 * @throws Error for a name without a value
 */
export function fill(template: string, values: Record<string, string | number | boolean>): string;
