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
