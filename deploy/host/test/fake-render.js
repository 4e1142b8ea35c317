/** Renders as a release's nginx/render.mjs does: `node render.mjs settings.json OUTDIR`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, folder] = process.argv.slice(2);
const { nginx = 'same' } = JSON.parse(readFileSync('behaviour.json', 'utf8'));
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'nginx.conf'), nginx);
writeFileSync(join(folder, 'version.json'), readFileSync('release.json', 'utf8'));
