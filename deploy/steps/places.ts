import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../config/schema.ts';

const HERE = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/** The git checkout that releases are made from. */
export const repositoryOf = ({ build }: Environment): string => build.repository ?? HERE;

/** Where artifacts and installed modules are kept between releases. */
export const cacheFolder = (environment: Environment): string =>
  environment.build.cache ?? join(repositoryOf(environment), '.data', 'deploy');

/** Packed releases, each with a note beside it that says what it is. */
export const artifactsFolder = (environment: Environment): string => join(cacheFolder(environment), 'artifacts');
