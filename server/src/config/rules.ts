import type { Values } from './variables.ts';
import { unsafeWebhooks } from './webhooks.ts';

/** The rules that look at more than one variable. A value that had a fault of its own is absent here. */
export function configRules(values: Partial<Values>): string[] {
  const faults: string[] = [];
  if (values.nodeEnv === 'production' && values.smsDriver === 'outbox') {
    faults.push('SMS_DRIVER must not be outbox in production: it writes login codes to a file');
  }
  if (values.smsDriver === 'http') {
    if (values.smsUrl === null) faults.push('SMS_URL is missing: SMS_DRIVER=http needs it');
    if (values.nodeEnv === 'production' && values.smsUrl?.startsWith('http:') && !isLoopback(values.smsUrl)) {
      faults.push('SMS_URL must begin with https:// in production');
    }
    if ((values.smsSecret ?? '').length < 16) {
      faults.push('SMS_SECRET is missing or shorter than 16 characters: SMS_DRIVER=http needs it');
    }
  }
  if (Boolean(values.wechatAppId) !== Boolean(values.wechatAppSecret)) {
    faults.push('WECHAT_APP_ID and WECHAT_APP_SECRET belong together: one of them is missing');
  }
  if (values.wechatAppSecret && values.wechatAppSecret.length < 16) {
    faults.push('WECHAT_APP_SECRET has less than 16 characters');
  }
  if (values.nodeEnv === 'production' && values.wechatApiUrl?.startsWith('http:') && !isLoopback(values.wechatApiUrl)) {
    faults.push('WECHAT_API_URL must begin with https:// in production');
  }
  if (values.deploySecret && values.deploySecret.length < 16) faults.push('DEPLOY_SECRET has less than 16 characters');
  if (values.deploySecret && values.deploySecret === values.smsSecret) {
    faults.push('DEPLOY_SECRET must be a key of its own, not SMS_SECRET');
  }
  if (values.nodeEnv === 'production' && values.webhooks && values.webhookAllow)
    faults.push(...unsafeWebhooks(values.webhooks, values.webhookAllow));
  if (values.nodeEnv === 'production' && values.dataKeys && values.indexKey) {
    const same = Object.values(values.dataKeys.keys).some((key) => values.indexKey?.equals(key));
    if (same) faults.push('INDEX_KEY must not be one of DATA_KEYS');
  }
  if (values.port !== undefined && values.port !== 0 && values.port === values.internalPort) {
    faults.push('INTERNAL_PORT must differ from PORT');
  }
  if (values.backupDir && !values.backupKey) faults.push('BACKUP_KEY is missing: BACKUP_DIR needs it');
  if (values.backupKey && values.dataKeys && values.indexKey) {
    const others = [values.indexKey, ...Object.values(values.dataKeys.keys)];
    if (others.some((key) => values.backupKey?.equals(key)))
      faults.push('BACKUP_KEY must be a key of its own, not INDEX_KEY or one of DATA_KEYS');
  }
  return faults;
}

function isLoopback(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}
