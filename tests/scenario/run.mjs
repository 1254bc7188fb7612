#!/usr/bin/env node
// Plays the .scn files against the real binary:
//   node tests/scenario/run.mjs [--binary build/bihuan] [--engine sqlite|pg] [--jobs 2] [--report FILE] [-v] [FILE|words of a title …]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from './parse.mjs';
import { World, atShanghai, exec } from './world.mjs';
import { Client } from '../lib/http.mjs';
import { Contract } from '../lib/openapi.mjs';
import { Cluster } from '../lib/pg.mjs';
import { scratch } from '../lib/server.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

function options(argv) {
  const o = { binary: 'build/bihuan', engine: 'sqlite', jobs: 2, report: null, verbose: false, want: [] };
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === '-v') o.verbose = true;
    else if (argv[i].startsWith('--')) o[argv[i].slice(2)] = argv[++i];
    else o.want.push(argv[i]);
  }
  return o;
}

// What all scenarios of a run share: the binary, the demo store that they copy, the cluster, the contract.
export class Run {
  constructor(o) {
    this.binary = path.resolve(o.binary);
    this.engine = o.engine;
    this.cluster = o.engine === 'pg' ? new Cluster().start() : null;
    this.bases = {};
    this.count = 0;
  }

  // The city is made as if on the morning at which the scenarios begin.
  async #must(args, more = {}) {
    const r = await exec(this.binary, args, { env: { ...process.env, ...more, BIHUAN_NOW_MS: String(atShanghai('2026-11-02 08:00')) } });
    if (r.code !== 0) throw new Error(`bihuan ${args.join(' ')} failed: ${r.out.slice(-2000)}`);
  }

  // Made once, then copied.
  #base(kind) {
    this.bases[kind] ??= (async () => {
      const dir = path.join(scratch(`base-${kind}`), 'data');
      const db = this.cluster ? ['--db', this.cluster.create(`base_${kind}`)] : [];
      await this.#must([...(kind === 'empty' ? ['init', '--home', '140109000000'] : ['demo']), '--data', dir, ...db], kind === 'demo' ? { BIHUAN_DEMO_CALM: '1' } : {});
      return dir;
    })().catch((e) => {
      this.hopeless = true; // nothing else need be tried
      throw e;
    });
    return this.bases[kind];
  }

  async prepare(kind, data) {
    fs.cpSync(await this.#base(kind), data, { recursive: true });
    return { url: this.cluster ? this.cluster.create(`scn_${++this.count}`, `base_${kind}`) : null };
  }

  contract(server) {
    this.contractOnce ??= new Client(server.base).request('GET', '/api/openapi.json').then((r) => {
      if (r.status !== 200 || !r.json) throw new Error(`the contract is not there: ${r.status}`);
      this.contractDoc = new Contract(r.json);
      this.contractDoc.observe('GET', '/api/openapi.json', undefined, r);
      return this.contractDoc;
    });
    return this.contractOnce;
  }

  async password(server, login) {
    this.logins ??= (await new Client(server.base).request('GET', '/api/meta')).json?.logins ?? [];
    const l = this.logins.find((x) => x.login === login);
    if (!l) throw new Error(`the demo city has no login ${login}; it has ${this.logins.map((x) => x.login).join(', ')}`);
    return l.password;
  }
}

async function play(run, scenario) {
  const world = new World(run, scenario);
  const from = Date.now();
  let why = null;
  try {
    for (const step of scenario.steps) await world.step(step);
    await world.finish();
  } catch (e) {
    why = `${scenario.file}:${world.line ?? scenario.line}: ${e.message ?? e}`;
    if (world.server?.log && /ERROR|assert|Sanitizer|FATAL/i.test(world.server.log)) why += `\n    server: ${world.server.log.trim().split('\n').slice(-6).join('\n            ')}`;
  }
  await world.cleanup();
  return { title: scenario.title, file: scenario.file, ok: !why, why, ms: Date.now() - from };
}

async function main() {
  const o = options(process.argv.slice(2));
  const paths = o.want.filter((w) => w.endsWith('.scn'));
  const words = o.want.filter((w) => !w.endsWith('.scn'));
  const files = paths.length ? paths : fs.readdirSync(here).filter((f) => f.endsWith('.scn')).sort().map((f) => path.join(here, f));
  const read = (f) => parse(fs.readFileSync(f, 'utf8'), path.relative(process.cwd(), f));
  const parsed = files.map(read);
  const common = read(path.join(here, 'procedures.scn'));
  let todo = parsed.flat();
  todo = todo.filter((s) => words.every((w) => s.title.includes(w)));
  const other = (s) => s.steps.some((x) => x.kind === 'only' && x.rest !== o.engine);
  const count = { passed: 0, failed: 0, skipped: 0 };
  const lacks = (s) => s.steps.find((x) => x.kind === 'needs' && spawnSync(x.rest, ['--version']).error);
  todo = todo.filter((s) => !other(s)); // written for the other engine: no case of this run
  for (const s of todo.filter(lacks)) {
    count.skipped++;
    console.log(`ok - ${s.title} # SKIP ${lacks(s).rest} is not installed`);
  }
  const before = todo.length;
  todo = todo.filter((s) => !lacks(s));
  const run = new Run(o);
  run.procedures = Object.assign({}, common.procedures, ...parsed.map((p) => p.procedures));
  const results = [];
  const queue = [...todo];
  await Promise.all(Array.from({ length: Number(o.jobs) }, async () => {
    for (let s; !run.hopeless && (s = queue.shift());) {
      const r = await play(run, s);
      results.push(r);
      count[r.ok ? 'passed' : 'failed']++;
      if (!r.ok) console.log(`not ok - ${r.title}\n    ${r.why}`);
      else if (o.verbose) console.log(`ok - ${r.title} (${(r.ms / 1000).toFixed(1)} s)`);
    }
  }));
  const contract = run.contractDoc?.report();
  if (o.verbose) for (const f of contract?.faults ?? []) console.log(`contract: ${f.key} at ${f.where}: ${f.what.join('; ')}`);
  if (o.report) {
    fs.mkdirSync(path.dirname(o.report), { recursive: true });
    fs.writeFileSync(o.report, JSON.stringify({ ...count, contract, results }, null, 1));
  }
  console.log(`scenario ${o.engine}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  process.exit(count.failed || !before ? 1 : 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
