// Does a value fit a pattern? → '' or a sentence that says where it does not.
// "*" anything but null · "~re" regular expression · {"$gt":1} {"$lt":1} {"$ge":1} {"$le":1} {"$len":3}
// {"$has":P} some element fits · {"$all":P} every element fits · {"$none":P} no element fits ·
// {"$not":P} · {"$absent":true}. Objects are compared as subsets, arrays element by element.
export function mismatch(pattern, value, at = '') {
  const here = at || '/';
  const show = (v) => {
    const s = JSON.stringify(v) ?? 'nothing';
    return s.length > 300 ? `${s.slice(0, 300)}…` : s;
  };
  if (typeof pattern === 'string' && pattern === '*')
    return value === null || value === undefined ? `${here}: expected something, found ${show(value)}` : '';
  if (typeof pattern === 'string' && pattern.startsWith('~'))
    return new RegExp(pattern.slice(1), 'u').test(String(value)) ? '' : `${here}: ${show(value)} does not match ${pattern.slice(1)}`;
  if (Array.isArray(pattern)) {
    if (!Array.isArray(value)) return `${here}: expected an array, found ${show(value)}`;
    if (value.length !== pattern.length) return `${here}: expected ${pattern.length} elements, found ${value.length}: ${show(value)}`;
    for (let i = 0; i < pattern.length; i++) {
      const m = mismatch(pattern[i], value[i], `${at}/${i}`);
      if (m) return m;
    }
    return '';
  }
  if (pattern !== null && typeof pattern === 'object') {
    const keys = Object.keys(pattern);
    if (keys.length && keys.every((k) => k.startsWith('$'))) {
      for (const k of keys) {
        const m = OPERATORS[k] ? OPERATORS[k](pattern[k], value, at) : `the pattern's ${k} is not known`;
        if (m) return m.startsWith('/') ? m : `${here}: ${m}, found ${show(value)}`;
      }
      return '';
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return `${here}: expected an object, found ${show(value)}`;
    for (const k of keys) {
      const m = mismatch(pattern[k], value[k], `${at}/${k}`);
      if (m) return m;
    }
    return '';
  }
  return Object.is(pattern, value) ? '' : `${here}: expected ${show(pattern)}, found ${show(value)}`;
}

const list = (v) => (Array.isArray(v) ? v : []);
const OPERATORS = {
  $gt: (p, v) => (v > p ? '' : `expected more than ${p}`),
  $lt: (p, v) => (v < p ? '' : `expected less than ${p}`),
  $ge: (p, v) => (v >= p ? '' : `expected at least ${p}`),
  $le: (p, v) => (v <= p ? '' : `expected at most ${p}`),
  $len: (p, v) => (v?.length === p ? '' : `expected length ${p}`),
  $has: (p, v) => (list(v).some((x) => !mismatch(p, x)) ? '' : `no element fits ${JSON.stringify(p)}`),
  $all: (p, v, at) => {
    for (const [i, x] of list(v).entries()) {
      const m = mismatch(p, x, `${at}/${i}`);
      if (m) return m;
    }
    return Array.isArray(v) ? '' : 'expected an array';
  },
  $none: (p, v) => (list(v).some((x) => !mismatch(p, x)) ? `an element fits ${JSON.stringify(p)}` : ''),
  $not: (p, v) => (mismatch(p, v) ? '' : `expected anything but ${JSON.stringify(p)}`),
  $absent: (p, v) => ((v === undefined) === p ? '' : p ? 'expected nothing' : 'expected something'),
};

// A pointer such as /items/0/id, where a segment [key=value] takes the first element that has it and
// a negative number counts from the end.
export function pick(value, pointer) {
  let v = value;
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replace(/~1/g, '/').replace(/~0/g, '~');
    const by = /^\[([^=\]]+)=([^\]]*)\]$/.exec(key);
    if (by) v = list(v).find((x) => String(x?.[by[1]]) === by[2]);
    else if (Array.isArray(v)) v = v.at(Number(key));
    else v = v?.[key];
  }
  return v;
}
