// The language of the .scn files; README.md beside this file explains it.
// A step is { file, line, word, rest } plus what its word needs.

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete']);
const WORDS = new Set(['only', 'given', 'as', 'lang', 'with', 'save', 'expect', 'clock', 'restart', 'kill', 'stop', 'start',
  'bihuan', 'sql', 'second', 'on', 'tampered', 'do', 'listen', 'hj212', 'broker', 'mqtt', 'needs', 'setting']);

// How many brackets are open at the end, strings left out.
function depth(text) {
  let d = 0, inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' || c === '[') d++;
    else if (c === '}' || c === ']') d--;
  }
  return d;
}

// Splits `text` into its first JSON value and what follows.
function takeJson(text) {
  if (!/^[[{]/.test(text)) return [undefined, text];
  let d = 0, inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' || c === '[') d++;
    else if ((c === '}' || c === ']') && --d === 0) return [JSON.parse(text.slice(0, i + 1)), text.slice(i + 1).trim()];
  }
  throw new Error('JSON without an end');
}

function request(word, rest) {
  const step = { kind: 'request', method: word.toUpperCase() };
  const arrow = rest.lastIndexOf(' -> ');
  if (arrow < 0) throw new Error('a request needs "-> STATUS"');
  let [before, after] = [rest.slice(0, arrow).trim(), rest.slice(arrow + 4).trim()];
  const space = before.search(/\s/);
  step.path = space < 0 ? before : before.slice(0, space);
  before = space < 0 ? '' : before.slice(space).trim();
  if (before) {
    const [json, tail] = takeJson(before);
    if (json !== undefined && !tail) step.json = json;
    else step.source = before;
  }
  const status = /^(\d{3}(?:\|\d{3})*)(?:\s+([A-Z][A-Z_]+))?\s*/.exec(after);
  if (!status) throw new Error(`no status in "${after}"`);
  step.status = status[1].split('|').map(Number);
  step.code = status[2];
  after = after.slice(status[0].length);
  const save = /^save\s+(\w+)\s*$/.exec(after);
  if (save) step.save = save[1];
  else if (after) {
    const [json, tail] = takeJson(after);
    if (json === undefined) throw new Error(`after the status: "${after}"`);
    step.pattern = json;
    const more = /^save\s+(\w+)$/.exec(tail);
    if (more) step.save = more[1];
    else if (tail) throw new Error(`after the pattern: "${tail}"`);
  }
  return step;
}

export function parse(text, file) {
  const scenarios = [], procedures = {};
  let here = null;
  const lines = text.split('\n');
  const blocks = [];
  for (let i = 0; i < lines.length; i++) {
    let line = lines[i].trim();
    const at = i + 1;
    if (!line || line.startsWith('#')) continue;
    const fail = (why) => {
      throw new Error(`${file}:${at}: ${why}`);
    };
    const [word] = line.split(/\s/, 1);
    // A text block: <<END … END
    const here_doc = /<<([A-Z]+)/.exec(line);
    let doc;
    if (here_doc) {
      doc = [];
      while (++i < lines.length && lines[i].trim() !== here_doc[1]) doc.push(lines[i].replace(/^\s{0,4}/, ''));
      if (i >= lines.length) fail(`no ${here_doc[1]} ends the text`);
      doc = doc.join('\n') + '\n';
    }
    const broken = / raw( |$)/.test(line); // sends what need not be JSON
    if (word !== 'scenario' && word !== 'procedure' && !broken)
      while (i + 1 < lines.length && (depth(line) > 0 || /^\s+->/.test(lines[i + 1]))) line += ` ${lines[++i].trim()}`;
    if (!broken && depth(line) > 0) fail('brackets are not closed');
    const rest = line.slice(word.length).trim();
    if (word === 'scenario') {
      if (blocks.length) fail('a block has no end');
      here = { file, line: at, title: rest, steps: [] };
      scenarios.push(here);
      continue;
    }
    if (word === 'procedure') {
      if (blocks.length) fail('a block has no end');
      here = procedures[rest] = { file, line: at, title: rest, steps: [] };
      continue;
    }
    if (!here) fail('the file must begin with a scenario');
    const into = blocks.length ? blocks.at(-1).steps : here.steps;
    try {
      if (word === 'eventually') {
        const [method] = rest.split(/\s/, 1);
        if (!METHODS.has(method)) throw new Error('eventually get PATH -> STATUS PATTERN');
        into.push({ ...request(method, rest.slice(method.length).trim()), eventually: true, line: at });
      } else if (METHODS.has(word)) into.push({ ...request(word, rest), line: at, doc });
      else if (word === 'repeat') {
        const m = /^(\d+)\s+as\s+(\w+)$/.exec(rest);
        if (!m) throw new Error('repeat N as NAME');
        const block = { kind: 'repeat', count: Number(m[1]), name: m[2], steps: [], line: at };
        into.push(block);
        blocks.push(block);
      } else if (word === 'end') {
        if (!blocks.pop()) throw new Error('end without a block');
      } else if (WORDS.has(word)) into.push({ kind: word, rest, line: at, doc });
      else throw new Error(`"${word}" is no word of the language`);
    } catch (e) {
      fail(e.message);
    }
  }
  if (blocks.length) throw new Error(`${file}: a block has no end`);
  scenarios.procedures = procedures;
  return scenarios;
}
