import assert from 'node:assert/strict';
import test from 'node:test';
import { parse } from './prom.mjs';

const good = `# HELP a_total What is counted.
# TYPE a_total counter
a_total{kind="x"} 1
a_total{kind="y \\"z\\""} 2e3
# HELP b What is now.
# TYPE b gauge
b NaN
# HELP c_seconds How long.
# TYPE c_seconds histogram
c_seconds_bucket{le="0.1"} 1
c_seconds_bucket{le="+Inf"} 3
c_seconds_sum 4.5
c_seconds_count 3
`;

test('a sound text is read whole', () => {
  const f = parse(good);
  assert.deepEqual([...f.keys()], ['a_total', 'b', 'c_seconds']);
  assert.equal(f.get('a_total').samples[1].labels.get('kind'), 'y \\"z\\"');
});

test('each fault is found', () => {
  const bad = [
    [(t) => t.trimEnd(), /no end/],
    [(t) => t.replace('# HELP b What is now.\n', ''), /does not follow its help/],
    [(t) => t.replace('# TYPE b gauge\n', ''), /outside its family/],
    [(t) => t.replace('a_total{kind="x"} 1', 'a_total{kind="x"} one'), /value one/],
    [(t) => t.replace('kind="x"', "kind='x'"), /labels/],
    [(t) => t.replace('kind="x"', 'kind="y \\"z\\""'), /twice/],
    [(t) => t.replaceAll('a_total', 'a'), /must end in _total/],
    [(t) => t.replace(/^# (HELP|TYPE) b/gm, '# $1 b_total').replace('\nb NaN', '\nb_total 1'), /only counters/],
    [(t) => t.replace('c_seconds_count 3', 'c_seconds_count 4'), /last bucket/],
    [(t) => t.replace('le="0.1"} 1', 'le="0.1"} 9'), /do not rise/],
    [(t) => t.replace('c_seconds_sum 4.5\n', ''), /no sum/],
    [(t) => `${t}b 2\n`, /outside its family/],
    [(t) => t.replace('2e3', '-1'), /a counter of/],
    [(t) => t.replaceAll('c_seconds', 'c_ms'), /base units/],
    [(t) => t.replace('\nb NaN', ''), /no sample/],
  ];
  for (const [spoil, why] of bad) assert.throws(() => parse(spoil(good)), why);
});
