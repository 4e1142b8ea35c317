#!/usr/bin/env node
/** `node scripts/backup.mjs`: a consistent, sealed backup of the replica set; an oplog slice; or how old the last good one is. */
import { Fault } from './lib/fault.mjs';
import { readOptions, runMain } from './lib/options.mjs';
import { say } from './lib/terminal.mjs';

const help = `
node scripts/backup.mjs [--oplog | --status | --list] [--env FILE] [--build-tools]

Writes everything in the MongoDB replica set, as it was at one moment, into one sealed file of BACKUP_DIR, with a
manifest beside it that holds the counts and hashes of that moment. Then removes what rotation no longer keeps.

  --oplog        writes the changes since the last slice or dump instead: run it every 15 minutes, and a restore
                 can come to any second up to then
  --status       says how old the last good ones are; exit code 1 when the dump is older than 26 h, or the slices,
                 once there are any, older than 1 h
  --list         every backup of the folder
  --env FILE     NAME=value lines that win over the environment
  --build-tools  builds mongodump once from source when it is neither in MONGO_TOOLS nor on PATH (needs Go, a minute)

Settings: MONGO_URL, BACKUP_DIR, BACKUP_KEY (32 random bytes, base64; without it no backup can ever be read),
BACKUP_KEEP_DAILY (7), BACKUP_KEEP_WEEKLY (4), BACKUP_KEEP_MONTHLY (12), BACKUP_KEEP_OPLOG_DAYS (7), MONGO_TOOLS,
BACKUP_BUILD_TOOLS (1: as --build-tools).

Exit codes: 0 done; 1 failed; 2 wrong options; 3 another backup of this kind is being written to the folder;
4 (--oplog) there is no dump yet to lead on from.
All of it: docs/backup.md
`;

await runMain(async () => {
  const flag = { type: 'boolean' };
  const options = { oplog: flag, status: flag, list: flag, 'build-tools': flag, env: { type: 'string' } };
  const { values } = readOptions(help, options);
  // What needs installed packages is loaded after --help.
  const { readSettings } = await import('./lib/backup/settings.mjs');
  const settings = readSettings(values.env);
  if (values.status) await status(settings);
  else if (values.list) await list(settings);
  else await backup(settings, values);
});

async function status({ dir }) {
  const [{ listBackups }, { statusOf }] = await Promise.all([
    import('./lib/backup/store.mjs'),
    import('./lib/backup/status.mjs'),
  ]);
  const { ok, lines } = statusOf(listBackups(dir), new Date());
  for (const line of lines) say(line);
  process.exitCode = ok ? 0 : 1;
}

async function list({ dir }) {
  const [{ listBackups }, { dayTime }] = await Promise.all([
    import('./lib/backup/store.mjs'),
    import('./lib/backup/mongo.mjs'),
  ]);
  for (const { name, manifest, fault } of listBackups(dir)) {
    if (fault) say(`${name}  not good: ${fault.message}`);
    else say(`${name}  to ${dayTime(manifest.to)}  ${manifest.documents} documents  ${manifest.bytes} bytes`);
  }
}

async function backup(settings, values) {
  const [{ Busy, runBackup }, { NoDump }] = await Promise.all([
    import('./lib/backup/backup.mjs'),
    import('./lib/backup/slice.mjs'),
  ]);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(name, () => stop.abort(new Fault(`Stopped by ${name}.`)));
  const kind = values.oplog ? 'oplog' : 'dump';
  const build = values['build-tools'] || settings.buildTools;
  try {
    const manifest = await runBackup({ kind, settings, build, say, signal: stop.signal });
    say(`${manifest.name}: ${manifest.documents} documents, ${manifest.bytes} bytes, sha256 ${manifest.sha256}`);
  } catch (error) {
    if (!(error instanceof Busy || error instanceof NoDump)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof Busy ? 3 : 4;
  }
}
