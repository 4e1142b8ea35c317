import { createHash } from 'node:crypto';
import * as p from './parse.ts';

export type Environment = 'development' | 'test' | 'production';

/** One row of the table that docs/configuration.md is made of. */
export interface Variable<T> {
  name: string;
  doc: string;
  type: string;
  parse: p.Parser<T>;
  /** The text used when the variable is absent or empty. An environment without one demands the variable. */
  fallback: Partial<Record<Environment, string>>;
  /** Never printed, no default in production. */
  secret: boolean;
}

function row<T>(
  name: string,
  type: string,
  parse: p.Parser<T>,
  doc: string,
  fallback: string | Variable<T>['fallback'],
): Variable<T> {
  const everywhere = (value: string) => ({ development: value, test: value, production: value });
  return {
    name,
    doc,
    type,
    parse,
    fallback: typeof fallback === 'string' ? everywhere(fallback) : fallback,
    secret: false,
  };
}

/** Outside production a stand-in makes a bare checkout run; it is public, so nothing real may be sealed under it. */
function secretRow<T>(
  name: string,
  type: string,
  parse: p.Parser<T>,
  doc: string,
  standIn: string | null,
): Variable<T> {
  const fallback = standIn === null ? {} : { development: standIn, test: standIn };
  return { name, doc, type, parse, fallback, secret: true };
}

const publicKey = (what: string) => createHash('sha256').update(`dengji, not a secret: ${what}`).digest('base64');
const local = (value: string) => ({ development: value, test: value });

export const variables = {
  nodeEnv: row(
    'NODE_ENV',
    'development, test or production',
    p.oneOf('development', 'test', 'production'),
    'How strict the process is. Absent means production, so that forgetting it loosens nothing.',
    'production',
  ),
  role: row(
    'ROLE',
    'api, worker, migrate or seed',
    p.oneOf('api', 'worker', 'migrate', 'seed'),
    'What this process does: serve HTTP, run jobs, or bring the database up to date (or seed it) and exit.',
    'api',
  ),
  host: row('HOST', 'address', p.text, 'Address the public port listens on.', '127.0.0.1'),
  port: row('PORT', 'port', p.integer(0, 65535), 'Public port. 0 picks a free one.', '3000'),
  internalHost: row(
    'INTERNAL_HOST',
    'address',
    p.text,
    'Address the internal port (metrics, dependencies, in-flight count) listens on. Never a public one.',
    '127.0.0.1',
  ),
  internalPort: row('INTERNAL_PORT', 'port', p.integer(0, 65535), 'Internal port. 0 picks a free one.', '3001'),
  workerPort: row(
    'WORKER_PORT',
    'port',
    p.integer(0, 65535),
    'Internal port of a worker process (metrics, dependencies). 0 picks a free one.',
    { ...local('0'), production: '3002' },
  ),
  publicOrigin: row(
    'PUBLIC_ORIGIN',
    'origin',
    p.optional(p.origin),
    'Where browsers find this installation. With https the session cookies are Secure and prefixed __Host-.',
    '',
  ),
  mongoUrl: secretRow(
    'MONGO_URL',
    'mongodb:// URL',
    p.mongoUrl,
    'The database. Must carry replicaSet; w=majority is added, any other w is refused.',
    'mongodb://127.0.0.1:27017/dengji?replicaSet=rs0',
  ),
  redisUrl: secretRow(
    'REDIS_URL',
    'redis:// URL',
    p.redisUrl,
    'Sessions, cache, codes, limits.',
    'redis://127.0.0.1:6379',
  ),
  dataKeys: secretRow(
    'DATA_KEYS',
    'JSON',
    p.dataKeys,
    'Keys that personal data is encrypted under: `{ "current": "k1", "keys": { "k1": "base64 of 32 bytes" } }`. ' +
      'To rotate, add a key and make it current; keep the old ones.',
    JSON.stringify({ current: 'k1', keys: { k1: publicKey('data key of development') } }),
  ),
  indexKey: secretRow(
    'INDEX_KEY',
    'base64 of 32 bytes',
    p.key32,
    'Key of the blind indexes (search by phone or document, uniqueness). It must never change while data exists.',
    publicKey('index key of development'),
  ),
  smsDriver: row(
    'SMS_DRIVER',
    'outbox or http',
    p.oneOf('outbox', 'http'),
    'Who sends text messages: a file for development (refused in production), or the vendor behind SMS_URL.',
    { ...local('outbox'), production: 'http' },
  ),
  smsOutbox: row(
    'SMS_OUTBOX',
    'path',
    p.text,
    'File of the outbox driver, one JSON line a message.',
    '.data/sms-outbox.ndjson',
  ),
  smsUrl: row('SMS_URL', 'URL', p.optional(p.httpUrl), 'Where the http driver posts messages.', ''),
  smsSecret: secretRow(
    'SMS_SECRET',
    'text',
    p.optional(p.text),
    'Key that the http driver signs requests with (16 characters or more).',
    '',
  ),
  smsPerPhonePerDay: row(
    'SMS_PER_PHONE_PER_DAY',
    'count',
    p.integer(1, 1000),
    'Messages one phone may get in a day.',
    '10',
  ),
  smsPerAddressPerHour: row(
    'SMS_PER_ADDRESS_PER_HOUR',
    'count',
    p.integer(1, 1_000_000),
    'Messages one network address may cause in an hour. Many citizens share an address behind a mobile carrier.',
    '30',
  ),
  smsPerSitePerHour: row(
    'SMS_PER_SITE_PER_HOUR',
    'count',
    p.integer(1, 100_000_000),
    'Messages the whole installation may send in an hour: the bill stays bounded under an attack.',
    '20000',
  ),
  deploySecret: secretRow(
    'DEPLOY_SECRET',
    'text',
    p.optional(p.text),
    'Key that the deployment signs its release records with (16 characters or more). Absent: nothing is recorded here.',
    '',
  ),
  webRoot: row(
    'WEB_ROOT',
    'path',
    p.optional(p.text),
    'Folder of the built web pages, served by this process. Absent: nginx serves them.',
    '',
  ),
  logLevel: row(
    'LOG_LEVEL',
    'debug, info, warn, error or silent',
    p.oneOf('debug', 'info', 'warn', 'error', 'silent'),
    'Lowest level that is written.',
    { development: 'info', test: 'warn', production: 'info' },
  ),
  logFile: row(
    'LOG_FILE',
    'path',
    p.optional(p.text),
    'File that the log is appended to; it may be moved away at any time. Absent: stdout, which pm2 does not collect from processes in cluster mode.',
    '',
  ),
  firstLoginFile: row(
    'FIRST_LOGIN_FILE',
    'path',
    p.optional(p.text),
    'File (mode 600) that `seed` writes the first login to.',
    '',
  ),
  firstAdminPassword: secretRow(
    'FIRST_ADMIN_PASSWORD',
    'text',
    p.optional(p.text),
    'First password of the super admin, changed at the first login. Absent: a random one.',
    '',
  ),
  demo: row('DEMO', 'true or false', p.bool, '`seed` adds the demonstration data and logins.', 'false'),
  trustedProxies: row(
    'TRUSTED_PROXIES',
    'addresses',
    p.addresses,
    'Addresses or CIDR ranges, separated by commas, whose X-Forwarded-For is believed. Absent: nobody is.',
    '',
  ),
  passwordProfile: row(
    'PASSWORD_PROFILE',
    'mlps or asvs',
    p.oneOf('mlps', 'asvs'),
    'Rules of staff passwords: mlps = character classes and a maximum age, asvs = length and a list of common ones.',
    'mlps',
  ),
  exportApprovalRows: row(
    'EXPORT_APPROVAL_ROWS',
    'count',
    p.integer(0, 100_000_000),
    'An export of more rows than this waits until another person has approved it.',
    '10000',
  ),
  exportHours: row(
    'EXPORT_HOURS',
    'hours',
    p.integer(1, 720),
    'How long the file of an export can be downloaded before it is removed.',
    '24',
  ),
  importMaxBytes: row(
    'IMPORT_MAX_BYTES',
    'bytes',
    p.integer(1_024, 1024 ** 3),
    'Largest file that can be uploaded for an import.',
    String(512 * 1024 ** 2),
  ),
  importKeepDays: row(
    'IMPORT_KEEP_DAYS',
    'days',
    p.integer(1, 365),
    'How long after its end an import can be undone or resumed and its refused rows are kept; an import that waits for a person so long is cancelled.',
    '30',
  ),
  draftDays: row('DRAFT_DAYS', 'days', p.integer(1, 3650), 'How long a draft that nobody touches is kept.', '30'),
  recycleDays: row(
    'RECYCLE_DAYS',
    'days',
    p.integer(1, 3650),
    'How long a record or a person stays in the recycle bin before it is removed for good.',
    '90',
  ),
  auditDays: row(
    'AUDIT_DAYS',
    'days',
    p.optional(p.integer(180, 36_500)),
    'How long audit records are kept, at least 180. Absent: for ever.',
    '',
  ),
  backupDir: row(
    'BACKUP_DIR',
    'path',
    p.optional(p.text),
    'Folder that the worker backs up to: every day, and the changes every 15 minutes. Absent: nothing is backed up from here.',
    '',
  ),
  backupKey: secretRow(
    'BACKUP_KEY',
    'base64 of 32 bytes',
    p.optional(p.key32),
    'Key that backups are sealed under. Without it none can ever be read.',
    '',
  ),
  backupScript: row(
    'BACKUP_SCRIPT',
    'path',
    p.text,
    'The backup command, from the folder that the worker runs in.',
    'scripts/backup.mjs',
  ),
  docsPublic: row(
    'DOCS_PUBLIC',
    'true or false',
    p.bool,
    'Anybody may read /api/docs. Otherwise only staff who are logged in.',
    { ...local('true'), production: 'false' },
  ),
  build: row('BUILD', 'text', p.text, 'Version of this build, shown in health answers and logs.', 'development'),
};

export type Values = { [K in keyof typeof variables]: ReturnType<(typeof variables)[K]['parse']> };
