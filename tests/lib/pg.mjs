// One temporary PostgreSQL cluster a run, on a unix socket in a directory of its own.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { scratch } from './server.mjs';

export function pgBin() {
  const root = '/usr/lib/postgresql';
  if (!fs.existsSync(root)) return null;
  const versions = fs.readdirSync(root).filter((v) => fs.existsSync(`${root}/${v}/bin/initdb`));
  versions.sort((a, b) => Number(b) - Number(a));
  return versions.length ? `${root}/${versions[0]}/bin` : null;
}

export class Cluster {
  constructor({ fsync = false } = {}) {
    this.bin = pgBin();
    if (!this.bin) throw new Error('PostgreSQL’s server programs are not installed');
    this.dir = scratch('pg');
    this.fsync = fsync;
    // The server refuses to run as root.
    this.as = process.getuid() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
  }

  #run(program, args, options = {}) {
    const [p, ...rest] = [...this.as, path.join(this.bin, program), ...args];
    const r = spawnSync(p, rest, { encoding: 'utf8', timeout: 120000, cwd: this.dir, ...options });
    if (r.status !== 0) throw new Error(`${program} failed: ${r.stderr || r.stdout || r.error}`);
    return r.stdout;
  }

  start() {
    fs.chmodSync(path.dirname(this.dir), 0o755);
    if (this.as.length) {
      const uid = Number(spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' }).stdout);
      fs.chownSync(this.dir, uid, uid);
    }
    this.#run('initdb', ['-D', `${this.dir}/data`, '-U', 'bihuan', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']);
    const options = [
      `-k ${this.dir}`, "-c listen_addresses=''", '-c max_connections=200', '-c shared_buffers=64MB',
      this.fsync ? '' : '-c fsync=off -c synchronous_commit=off -c full_page_writes=off',
    ].join(' ');
    // pg_ctl's children keep its pipes open, so its output goes to a file.
    this.#run('pg_ctl', ['-D', `${this.dir}/data`, '-l', `${this.dir}/log`, '-o', options, '-w', '-s', 'start'], { stdio: 'ignore' });
    this.up = true;
    process.on('exit', () => this.stop());
    return this;
  }

  stop() {
    if (!this.up) return;
    this.up = false;
    try {
      this.#run('pg_ctl', ['-D', `${this.dir}/data`, '-m', 'immediate', '-w', '-s', 'stop'], { stdio: 'ignore' });
    } catch { /* the run is over either way */ }
  }

  url(database) {
    return `postgresql:///${database}?host=${encodeURIComponent(this.dir)}&user=bihuan`;
  }

  sql(text, database = 'postgres') {
    return this.#run('psql', ['-h', this.dir, '-U', 'bihuan', '-d', database, '-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', text]);
  }

  create(name, template = 'template1') {
    this.sql(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    return this.url(name);
  }

  // As an administrator would: dumped, and read into an empty database.
  restore(name, to) {
    const file = path.join(this.dir, `${name}.sql`);
    this.#run('pg_dump', ['-h', this.dir, '-U', 'bihuan', '-d', name, '-f', file]);
    const url = this.create(to);
    this.#run('psql', ['-h', this.dir, '-U', 'bihuan', '-d', to, '-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    return url;
  }

  drop(name) {
    this.sql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}
