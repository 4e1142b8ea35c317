import { relative } from 'node:path';

/**
 * Counts the tests of vitest's JSON report. A file that could not run, a skipped test and an error outside of every
 * test count as failed: nothing may look green without having run.
 * @param {{ numPassedTests: number, numTotalTests: number, testResults: { status: string, assertionResults: unknown[] }[] } | undefined} report
 * @param {number} exitCode of vitest
 * @returns {{ passed: number, failed: number }}
 */
export function countReport(report, exitCode) {
  if (!report) return { passed: 0, failed: 1 };
  const passed = report.numPassedTests;
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = report.numTotalTests - passed + brokenFiles.length;
  return { passed, failed: failed === 0 && (exitCode !== 0 || passed === 0) ? 1 : failed };
}

/**
 * Names what failed, a line each, so that a log that is cut further down still says all of it.
 * @param {{ testResults: { name: string, assertionResults: { status: string, fullName: string }[] }[] } | undefined} report
 * @param {string} root the folder that paths are given from
 * @returns {string[]} `web/test/ahead.browser.ts: a page that …`
 */
export function namesOfFailed(report, root) {
  return (report?.testResults ?? []).flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status !== 'passed');
    const names =
      file.status === 'failed' && file.assertionResults.length === 0
        ? ['did not run']
        : failed.map(({ fullName }) => fullName);
    return names.map((name) => `${relative(root, file.name)}: ${name}`);
  });
}
