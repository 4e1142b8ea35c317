import { variables, type Variable } from './variables.ts';

/** docs/configuration.md, made of the same table that the configuration is read by. */
export function configDocs(): string {
  const rows = (Object.values(variables) as Variable<unknown>[]).map(
    (variable) => `| \`${variable.name}\` | ${variable.type} | ${defaults(variable)} | ${variable.doc} |`,
  );
  return [
    '# Configuration',
    '',
    'Read from environment variables by `server/src/config.ts` only. Every fault is listed at once when a process starts.',
    'Made from the table in `server/src/config/variables.ts`; a test keeps this file equal to it.',
    '',
    '| variable | value | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function defaults({ fallback, secret, parse }: Variable<unknown>): string {
  const { development, production } = fallback;
  if (secret) {
    const outside = development ? 'a public stand-in outside production' : 'none';
    return acceptsNothing(parse) ? 'none' : `${outside}; **required in production**`;
  }
  const show = (value: string | undefined) =>
    value === undefined ? '**required**' : value === '' ? 'none' : `\`${value}\``;
  return development === production ? show(production) : `${show(production)}; in development ${show(development)}`;
}

function acceptsNothing(parse: (raw: string) => unknown): boolean {
  try {
    return parse('') === null;
  } catch {
    return false;
  }
}
