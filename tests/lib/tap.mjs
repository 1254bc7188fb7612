// Counts the lines of a TAP stream; nested subtests (indented) are left out.
export function tap(text) {
  const n = { passed: 0, failed: 0, skipped: 0, planned: null };
  for (const line of text.split('\n')) {
    const plan = /^1\.\.(\d+)/.exec(line);
    if (plan) n.planned = Number(plan[1]);
    const m = /^(not )?ok\b(.*)$/.exec(line);
    if (!m) continue;
    if (/#\s*skip/i.test(m[2])) n.skipped++;
    else if (m[1]) n.failed++;
    else n.passed++;
  }
  return n;
}
