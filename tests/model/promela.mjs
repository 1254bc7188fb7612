// Writes a workflow of the catalog as a Promela model for spin: every act with its guards and effects, people of four
// units, two hands that act at once.
//
// A hand first reads the matter and decides on an act that is possible then (the transaction's checks), and later writes
// what it computed from what it read. With `versions` a write succeeds only if nobody wrote in between, as
// `UPDATE … WHERE ver = …` does; a hand that comes too late gives up. Without, it overwrites the row.
// What must never happen is asserted over ghosts, which follow what really happened and not what the row says.
import fs from 'node:fs';
import path from 'node:path';

export function table(text) {
  const lines = text.split('\n').filter((l) => l && !l.startsWith('#')).map((l) => l.split('\t'));
  const head = lines.shift();
  return lines.map((cells) => Object.fromEntries(head.map((h, i) => [h, (cells[i] ?? '').trim()])));
}

export function readWorkflow(root, kind) {
  const dir = path.join(root, 'catalog', 'workflow', kind, '2026');
  const read = (name) => table(fs.readFileSync(path.join(dir, name), 'utf8'));
  return { kind, states: read('states.tsv'), acts: read('acts.tsv') };
}

const words = (s) => s.split(' ').filter(Boolean);

// Units of one person each: 1 puts it right, 2 ordered it, 3 verifies, 4 is the committee's office. With rights as a badly
// configured office would grant them: whoever puts it right may verify, too.
const people = [
  { org: 1, perms: ['matter.act', 'matter.verify'] },
  { org: 2, perms: ['matter.act', 'matter.verify'] },
  { org: 3, perms: ['matter.verify'] },
  { org: 4, perms: ['matter.act', 'matter.verify', 'matter.supervise'] },
];

const relations = {
  lead: (p) => (p.org === 1 ? 'true' : 'false'),
  assigner: (p) => `R.assigner == ${p.org}`,
  supervisor: (p) => `R.supervisor == ${p.org}`,
  verifier: (p) => `R.verifier == ${p.org}`,
  receiver: (p) => `R.offered == ${p.org}`,
  reporter: (p) => `R.asker == ${p.org}`,
  co: () => 'false',
  leader: () => 'false',
  system: () => 'false',
};

const guards = {
  'not-party': (p) => (p.org === 1 ? 'false' : 'true'),
  'not-reporter': (p) => `R.asker != ${p.org}`,
  'second-person': (p) => `R.pending != ${p.org}`,
  'second-unit': (p) => `R.pending != ${p.org}`,
  'not-expired': () => '!expired',
  quota: (p, n) => `R.extensions < ${Math.min(Number(n), 1)}`,
  graded: () => 'R.grade > 0',
  general: () => 'R.grade == 1',
  major: () => 'R.grade == 2',
  'five-elements': () => 'R.planned',
  'plan-approved': () => '(R.grade != 2 || R.approved)',
  listed: () => 'R.listed',
  'not-listed': () => '!R.listed',
  'listing-unit': (p) => `(!R.listed || R.supervisor == ${p.org})`,
  stopped: () => 'R.stopped',
  'not-stopped': () => '!R.stopped',
  verified: () => 'R.verifier != 0',
  'not-verifier': (p) => `R.verifier != ${p.org}`,
  'notice-elapsed': () => 'notice == 2',
};
// What depends on texts, files and days that the model leaves out: taken to hold.
const open = new Set(['has-evidence', 'has-report', 'children-closed', 'has-due', 'later', 'has-lead', 'within-term', 'earlier',
  'within-due', 'total-days', 'on-site', 'criterion-in-force']);

// In the order of the table in workflow.h.
const effects = {
  ask: (p, act) => `R.pending = ${p.org}; ghost_asked = ${p.org};` +
    (words(act.effects).includes('ask') && act.id === 'transfer' ? ' if :: R.offered = 1 :: R.offered = 4 fi;' : ''),
  grant: () => 'R.extensions = R.extensions + 1; expired = 0;',
  drop: () => 'R.pending = 0; R.offered = 0; ghost_asked = 0;',
  reporter: (p) => `R.asker = ${p.org};`,
  verified: (p) => `R.verifier = ${p.org}; ghost_verified = ${p.org};`,
  redo: () => 'R.verifier = 0; ghost_verified = 0; notice = 0;',
  reopen: () => 'R.round = R.round + 1; ghost_round = ghost_round + 1; R.extensions = 0; R.planned = 0; R.approved = 0; R.verifier = 0; ' +
    'ghost_verified = 0; R.asker = 0; notice = 0;',
  'set-due': () => 'expired = 0;',
  'set-term': () => 'expired = 0;',
  'set-grade': (p, act) => (act.id === 'upgrade' ? 'R.grade = 2; R.approved = 0;' : 'if :: R.grade = 1 :: R.grade = 2 fi; R.approved = 0;'),
  plan: () => 'R.planned = 1; R.approved = 0;',
  approve: () => 'R.approved = 1;',
  unplan: () => 'R.approved = 0;',
  'stop-use': () => 'R.stopped = 1; ghost_stopped = 1;',
  'resume-use': () => 'R.stopped = 0; ghost_stopped = 0;',
  list: (p) => `R.listed = 1; R.supervisor = ${p.org}; ghost_listed = 1;`,
  delist: () => 'R.listed = 0; R.supervisor = 0; ghost_listed = 0;',
  'take-over': (p) => `R.assigner = ${p.org};`,
  notice: () => 'notice = 1;',
};
// The row's fields alone; the rest is told by other rows.
const silent = new Set(['set-lead', 'set-progress', 'report', 'set-attrs', 'close', 'stop-clock', 'start-clock', 'merge', 'set-handler', 'set-contractor']);

const fields = ['state', 'before', 'round', 'grade', 'listed', 'stopped', 'planned', 'approved', 'assigner', 'supervisor', 'verifier',
  'asker', 'pending', 'offered', 'extensions'];

function mayAct(act, p) {
  const who = words(act.who);
  if (who.some((w) => w.includes('.') && p.perms.includes(w))) return 'true';
  if (!p.perms.includes('matter.act')) return 'false';
  const any = who.filter((w) => !w.includes('.')).map((w) => relations[w](p)).filter((w) => w !== 'false');
  return any.includes('true') ? 'true' : any.length ? `(${any.join(' || ')})` : 'false';
}

function enabled(wf, act, p) {
  const from = words(act.from).flatMap((w) => (w === '*' ? wf.states.filter((s) => s.phase === 'open' && s.kind !== 'side').map((s) => s.id) : [w]));
  const all = [`(${from.map((s) => `R.state == ${wf.number[s]}`).join(' || ')})`, mayAct(act, p)];
  for (const word of words(act.guards)) {
    const [name, n] = word.split(':');
    if (!guards[name] && !open.has(name)) throw new Error(`${wf.kind}: no such guard in the model: ${name}`);
    if (guards[name]) all.push(guards[name](p, n));
  }
  if (words(act.effects).includes('reopen')) all.push('R.round < 2');
  return all.includes('false') ? null : all.filter((g) => g !== 'true').join(' && ');
}

const side = (wf) => wf.states.filter((s) => s.kind === 'side').map((s) => wf.number[s.id]);

function applied(wf, act, p) {
  const has = words(act.effects);
  const out = [];
  if (has.includes('grant') && wf.strict) out.push('assert(!saw_expired[me]);');
  if (has.includes('close') && !has.includes('merge') && wf.states.find((s) => s.id === act.to)?.kind !== 'done')
    out.push(`assert(ghost_asked != 0 && ghost_asked != ${p.org});`);
  for (const e of Object.keys(effects)) if (has.includes(e)) out.push(effects[e](p, act));
  for (const e of has) if (!effects[e] && !silent.has(e)) throw new Error(`${wf.kind}: no such effect in the model: ${e}`);
  if (act.to === 'prev') out.push('R.state = R.before;');
  else if (act.to !== '=') {
    const to = wf.number[act.to];
    out.push(side(wf).includes(to) ? `R.before = R.state; R.state = ${to};` : `R.state = ${to}; R.before = ${to};`);
  }
  if (has.includes('reopen')) out.push('assert(R.round == ghost_round);');
  if (has.includes('close')) {
    const good = wf.states.find((s) => s.id === act.to)?.kind === 'done';
    if (good) out.push('assert(ghost_verified != 0 && ghost_verified != 1);', 'assert(!ghost_listed && !ghost_stopped);');
    out.push('assert(!closed_already[me]);', 'closed_already[1 - me] = (reading[1 - me] && fresh[1 - me]) || closed_already[1 - me];');
  }
  return out.join(' ');
}

export function promela(wf, { versions = true } = {}) {
  wf.number = Object.fromEntries(wf.states.map((s, i) => [s.id, i]));
  // Where the law sets the term, nothing is extended after expiry; a task of a decision may be.
  wf.strict = wf.acts.some((a) => words(a.effects).includes('set-term')) || wf.acts.some((a) => words(a.effects).includes('grant') && a.guards.includes('not-expired'));
  const initial = wf.states.find((s) => s.kind === 'initial').id;
  // Acts that change nothing the model knows are left out: reports, notes, rungs of the ladder.
  const moves = wf.acts.filter((a) => a.to !== '=' || words(a.effects).some((e) => effects[e]));
  const cases = [];
  for (const act of moves)
    for (const p of people) {
      const when = enabled(wf, act, p);
      if (when !== null) cases.push({ act, p, when, n: cases.length + 1 });
    }
  const on = (text, row) => text.replaceAll('R.', row);
  const read = versions ? '' : fields.map((f) => `seen[me].${f} = m.${f};`).join(' ');
  const row = versions ? 'm.' : 'seen[me].';
  const write = versions ? '' : fields.map((f) => `m.${f} = seen[me].${f};`).join(' ');
  return `/* Made from catalog/workflow/${wf.kind}/2026; ${versions ? 'with' : 'without'} the check of versions. */
typedef row { ${fields.map((f) => `byte ${f}`).join('; ')} };
row m;
${versions ? '' : 'row seen[2];'}
bool expired, reading[2], fresh[2], saw_expired[2], closed_already[2];
byte notice, chosen[2], ghost_round = 1, ghost_asked, ghost_verified;
bool ghost_listed, ghost_stopped;

/* Alone it is always the first hand that reads: the other way round is the same. */
proctype hand(byte me) {
end:	do
	:: atomic {
		if
${cases.map((c) => `		:: (me == 0 || reading[0]) && ${on(c.when, 'm.')} -> chosen[me] = ${c.n} /* ${c.act.id} by ${c.p.org} */`).join('\n')}
		fi;
		saw_expired[me] = expired; reading[me] = 1; fresh[me] = 1; ${read}
	   }
	   atomic {
		if
${versions ? '		:: !fresh[me] -> skip /* 409 STALE */\n' : ''}${cases.map((c) => `		:: ${versions ? 'fresh[me] && ' : ''}chosen[me] == ${c.n} -> ${on(applied(wf, c.act, c.p), row)} ${write} ${versions ? 'chosen[1 - me] = 0; saw_expired[1 - me] = 0; ' : ''}fresh[1 - me] = 0`).join('\n')}
		fi;
		chosen[me] = 0; saw_expired[me] = 0; reading[me] = 0; fresh[me] = 0; closed_already[me] = 0
	   }
	od
}

proctype clock() {
end:	do
	:: atomic { !expired -> expired = 1 }
	:: atomic { notice == 1 -> notice = 2 }
	od
}

init {
	atomic {
		m.state = ${wf.number[initial]}; m.before = ${wf.number[initial]}; m.round = 1; m.assigner = 2;
		run hand(0); run hand(1); run clock()
	}
}
`;
}
