// For the test: a process that makes a folder and waits to be killed.
import { register } from 'tsx/esm/api';

register();
const { tempFolder } = await import('../src/infra/temp/index.ts');
await tempFolder('import', process.argv[2]);
process.send('made');
setInterval(() => undefined, 1000);
