#!/usr/bin/env node
/** `node scripts/restore.mjs`: proves that a backup can be restored, or restores it. */
import { Fault } from './lib/fault.mjs';
import { readOptions, runMain } from './lib/options.mjs';
import { say } from './lib/terminal.mjs';

const help = `
node scripts/restore.mjs --drill [--file NAME | --to MOMENT | --from-previous]
node scripts/restore.mjs --into URL --yes [--file NAME | --to MOMENT] [--drop DATABASE]

Reads the backups of BACKUP_DIR (see node scripts/backup.mjs --list). The newest one is taken unless said otherwise.

  --drill          restores into a replica set of its own in a folder of its own, compares counts, hashes and indexes with
                   the manifest, and removes everything again
  --into URL       restores for real, into a database that is empty; the URL, or the name of a setting that holds it.
                   Stop all processes of the server first
  --yes            without it --into only says what it would do
  --drop DATABASE  drops that database first (its name, in full)
  --file NAME      this dump
  --to MOMENT      the state just before a second, such as 2026-11-21T10:15:00Z, or latest: from the dump before it and
                   the oplog slices behind that
  --from-previous  drill: from the dump before the newest one, by the oplog slices, to exactly the newest one's moment
  --json           drill: one JSON object as the last line
  --env FILE       NAME=value lines that win over the environment
  --build-tools    builds mongorestore once from source when it is neither in MONGO_TOOLS nor on PATH (needs Go)

Settings: BACKUP_DIR, BACKUP_KEY, MONGO_TOOLS; the drill's folder is made in TMPDIR.

Exit codes: 0 restored, and all is equal; 1 it is not, or it failed; 2 wrong options, or --yes is missing.
All of it: docs/backup.md
`;

await runMain(async () => {
  const flag = { type: 'boolean' };
  const text = { type: 'string' };
  const { values } = readOptions(help, {
    ...{ drill: flag, into: text, yes: flag, drop: { ...text, multiple: true }, file: text, to: text },
    ...{ 'from-previous': flag, json: flag, env: text, 'build-tools': flag },
  });
  const ways = [values.file, values.to, values['from-previous']].filter(Boolean).length;
  const fits = values.drill ? !values.into && !values.drop && !values.yes : values.into && !values['from-previous'];
  if (ways > 1 || !fits) {
    process.stderr.write(`These options don't fit together.\n\n${help.trim()}\n`);
    process.exit(2);
  }
  await (values.drill ? drill(values) : into(values));
});

async function drill(values) {
  const { key, plan, expected, tool, signal } = await prepare(values);
  const { runDrill } = await import('./lib/backup/drill.mjs');
  const result = await runDrill({ plan, expected, key, tool, signal });
  const { verify, restore, compare } = result.seconds;
  say(
    `${result.documents} documents in ${result.collections} collections out of ${result.backup}` +
      (result.slices > 0 ? ` and ${result.slices} oplog slices` : ''),
  );
  say(`Checked in ${verify} s, restored in ${restore} s, counted in ${compare} s`);
  report(result.differences, result.compared);
  if (values.json) say(JSON.stringify(result));
}

async function into(values) {
  const { settings, key, plan, expected, tool, signal } = await prepare(values);
  const { databasesIn, restoreInto } = await import('./lib/backup/into.mjs');
  const names = databasesIn(plan).join(', ');
  const slices = plan.slices.length > 0 ? ` and ${plan.slices.length} oplog slices` : '';
  say(`${plan.dump.name}${slices} → ${names}`);
  if (values.drop?.length) say(`Drops first: ${values.drop.join(', ')}`);
  if (!values.yes) {
    say('Nothing was done. With --yes it will be.');
    process.exitCode = 2;
    return;
  }
  const url = values.into.includes('://') ? values.into : settings.named(values.into);
  const differences = await restoreInto({ plan, expected, key, tool, url, drop: values.drop ?? [], signal, say });
  report(differences, Boolean(expected));
  say(`
What must follow, in this order (docs/backup.md says more):
  1. Empty this installation's Redis (FLUSHDB): sessions, login codes, locks and caches are of another time.
  2. Run ROLE=migrate of the release that will run.
  3. Start the server, log in, look at the newest records.
  4. Take a dump: the oplog slices begin anew behind it.`);
}

/** What both need: the plan, and what it must come to. */
async function prepare(values) {
  const [{ readSettings }, { listBackups }, plans, { findTool }] = await Promise.all([
    import('./lib/backup/settings.mjs'),
    import('./lib/backup/store.mjs'),
    import('./lib/backup/plan.mjs'),
    import('./lib/backup/tools.mjs'),
  ]);
  const settings = readSettings(values.env);
  const { key } = settings;
  const backups = listBackups(settings.dir, key);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(name, () => stop.abort(new Fault(`Stopped by ${name}.`)));
  let plan;
  let expected;
  if (values.to) {
    plan = plans.planTo(backups, values.to);
  } else if (values['from-previous']) {
    plan = plans.planFromPrevious(backups);
    expected = plan.newest.manifest;
  } else {
    plan = plans.planDump(backups, values.file);
    expected = plan.dump.manifest;
  }
  const tool = await findTool('mongorestore', { build: values['build-tools'], say });
  return { settings, key, plan, expected, tool, signal: stop.signal };
}

function report(differences, compared) {
  for (const one of differences) say(`DIFFERENT: ${one}`);
  if (differences.length > 0) process.exitCode = 1;
  else if (compared) say('Counts, hashes and indexes are equal to those of the manifest.');
  else say('No manifest tells of that moment: nothing was compared.');
}
