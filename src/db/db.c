/* The store: statements, the pool of readers, opening and closing. The writers are in writer.c. */
#include "db/db.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "db/backend.h"

enum { DEFAULT_READERS = 12, DEFAULT_PG_WRITERS = 2, MAX_SQL_PARAMS = 400, SQLITE_PAGE = 4096,
       WAL_BYTES = 128 << 20 /* a page that is changed again until then is copied back once */ };

err db_fail(struct db_conn *c, err code, struct fail *f)
{
	return fail_set(f, code, __FILE__, __LINE__, "", err_key(code), "detail", c->message, NULL);
}

struct db_conn *db_conn_new(struct db *db, bool writer, struct fail *f)
{
	struct db_conn *c = calloc(1, sizeof *c);
	if (!c)
		abort();
	c->be = db->be;
	c->cache_arena = arena_new();
	c->scratch = arena_new();
	c->cache = MAP(c->cache_arena);
	c->watch = db->o.watch;
	if (db->be->open(&db->o, writer, c, f) == ERR_OK)
		return c;
	db_conn_free(c);
	return NULL;
}

void db_conn_free(struct db_conn *c)
{
	if (!c)
		return;
	if (c->handle)
		c->be->close(c);
	arena_free(c->cache_arena);
	arena_free(c->scratch);
	free(c->spare);
	free(c);
}

/* ---- statements ---- */

struct db_val db_opt_i64(int64_t v)
{
	return v == DB_NONE ? (struct db_val){ .type = DB_NULL } : db_i64(v);
}

struct db_val db_opt_f64(double v)
{
	return isnan(v) ? (struct db_val){ .type = DB_NULL } : db_f64(v);
}

struct db_val db_opt_text(str v)
{
	return v.p ? db_text(v) : (struct db_val){ .type = DB_NULL };
}

struct db_val db_opt_blob(str v)
{
	return v.p ? db_blob(v) : (struct db_val){ .type = DB_NULL };
}

struct assembly {
	struct buf sql;
	bool known;               /* the text is not needed: only the values are */
	struct db_val vals[MAX_SQL_PARAMS];
	size_t n;
	enum db_engine engine;
};

static void put_text(struct assembly *as, const char *text)
{
	if (!as->known)
		buf_put(&as->sql, str_of(text));
}

static void put_param(struct assembly *as, int64_t v)
{
	as->vals[as->n++] = db_i64(v);
	if (as->known)
		return;
	buf_byte(&as->sql, as->engine == DB_PG ? '$' : '?');
	buf_i64(&as->sql, (int64_t)as->n);
}

/* Text in which % stands for the table. */
static void put_named(struct assembly *as, const char *text, str table)
{
	str rest = str_of(text), piece;
	bool first = true;
	for (; !as->known && str_cut(&rest, '%', &piece); first = false) {
		if (!first)
			buf_put(&as->sql, table);
		buf_put(&as->sql, piece);
	}
}

/* Only rows in which the organisation takes part: a matter's parties, or the column that names the owner. */
static void put_party(struct assembly *as, str m, const char *owner, int64_t party)
{
	if (owner) {
		put_named(as, " AND %.", m);
		put_text(as, owner);
		put_text(as, " = ");
	} else {
		put_named(as, " AND EXISTS (SELECT 1 FROM matter_party sp WHERE sp.region = %.region"
			      " AND sp.matter = %.id AND sp.org = ", m);
	}
	put_param(as, party);
	if (!owner)
		put_text(as, ")");
}

/* Only matters that another territory handles; what has an owner's column is no matter. */
static void put_via(struct assembly *as, str m, const char *owner, const struct db_scope_range *r)
{
	if (owner) {
		put_text(as, " AND 1 = 0");
		return;
	}
	put_named(as, " AND EXISTS (SELECT 1 FROM matter sh WHERE sh.region = %.region AND sh.id = %.id"
		      " AND sh.handler_region BETWEEN ", m);
	put_param(as, r->via_lo);
	put_text(as, " AND ");
	put_param(as, r->via_hi);
	put_text(as, ")");
}

/* One range of a scope on the table `m`: the SQL twin of scope_allows() in core/grant. What its text depends on stands
 * in range_shape(). */
static void put_range(struct assembly *as, str m, const char *owner, const struct db_scope_range *r)
{
	put_named(as, "(%.region BETWEEN ", m);
	put_param(as, r->lo);
	put_text(as, " AND ");
	put_param(as, r->hi);
	if (r->sectors != -1) {
		put_named(as, " AND (%.sectors & ", m);
		put_param(as, r->sectors);
		put_text(as, ") <> 0");
	}
	put_named(as, " AND %.secret <= ", m);
	put_param(as, r->secret);
	if (r->party)
		put_party(as, m, owner, r->party);
	if (r->via_lo)
		put_via(as, m, owner, r);
	put_text(as, ")");
}

static char range_shape(const struct db_scope_range *r)
{
	return (char)((r->sectors != -1) | (r->party != 0) << 1 | (r->via_lo != 0) << 2);
}

/* The alias "o", or "o.owner" for a table that has one organisation as its party. */
static void put_scope(struct assembly *as, const char *place, const struct db_scope *scope)
{
	str whole = str_of(place);
	ptrdiff_t dot = str_find_char(whole, '.');
	str alias = dot < 0 ? whole : str_sub(whole, 0, (size_t)dot);
	const char *owner = dot < 0 ? NULL : place + dot + 1;
	put_text(as, " AND (");
	size_t room = (MAX_SQL_PARAMS - as->n) / 7, n = scope ? scope->n : 0;
	for (size_t i = 0; i < n && i < room; i++) {
		if (i)
			put_text(as, " OR ");
		put_range(as, alias, owner, &scope->v[i]);
	}
	put_text(as, n ? ") " : "1 = 0) ");
}

static void assemble(struct assembly *as, const struct db_query *q, const struct db_val *params,
		     const struct db_scope *scope)
{
	as->n = strlen(q->types);
	if (as->n)
		memcpy(as->vals, params, as->n * sizeof *params);
	for (const struct db_frag *fr = q->frags[as->engine]; fr->text; fr++) {
		if (fr->kind == DB_FRAG_SCOPE)
			put_scope(as, fr->text, scope);
		else if (fr->kind == DB_FRAG_TEXT || (params[fr->arg].type != DB_NULL) == (fr->kind == DB_FRAG_IF))
			put_text(as, fr->text);
	}
}

/* Everything that the text depends on, a few bytes for some thousand: where the statement stands, which optional lines
 * it has, and how many ranges of which shape. */
static str shape_of(struct arena *a, enum db_engine engine, const struct db_query *q, const struct db_val *params,
		    const struct db_scope *scope)
{
	struct buf b = BUF(a);
	size_t n = scope ? scope->n : 0;
	buf_put(&b, (str){ (const char *)&q, sizeof q });
	for (const struct db_frag *fr = q->frags[engine]; fr->text; fr++)
		if (fr->kind == DB_FRAG_IF || fr->kind == DB_FRAG_UNLESS)
			buf_byte(&b, params[fr->arg].type != DB_NULL);
	buf_put(&b, (str){ (const char *)&n, sizeof n });
	for (size_t i = 0; i < n; i++)
		buf_byte(&b, range_shape(&scope->v[i]));
	return buf_str(&b);
}

static struct db_cursor *new_cursor(struct db_conn *c)
{
	struct db_cursor *cur = c->spare ? c->spare : malloc(sizeof *cur);
	if (!cur)
		abort();
	c->spare = NULL;
	*cur = (struct db_cursor){ .c = c };
	return cur;
}

static void drop_cursor(struct db_cursor *cur)
{
	free(cur->c->spare);
	cur->c->spare = cur;
}

/* A fixed statement is kept under its address and shape; others under their text. */
static err open_cursor(struct db_conn *c, const struct db_query *q, const struct db_val *params,
		       const struct db_scope *scope, struct db_cursor *cur)
{
	const struct db_frag *fr = q->frags[c->be->engine];
	if (q->fixed && fr[0].text && fr[0].kind == DB_FRAG_TEXT && !fr[1].text)
		return c->be->query(c, (str){ (const char *)&q, sizeof q }, str_of(fr[0].text), q, params, strlen(q->types), cur);
	struct assembly as;
	str key = { NULL, 0 };
	as.sql = BUF(c->scratch);
	as.engine = c->be->engine;
	if (q->fixed)
		key = shape_of(c->scratch, as.engine, q, params, scope);
	as.known = key.p && map_get(&c->cache, key);
	assemble(&as, q, params, scope);
	buf_cstr(&as.sql);
	/* The engine may hold on to values until the cursor is done. */
	struct db_val *vals = arena_raw(c->scratch, (as.n + 1) * sizeof *vals);
	memcpy(vals, as.vals, as.n * sizeof *vals);
	return c->be->query(c, key.p ? key : buf_str(&as.sql), buf_str(&as.sql), q, vals, as.n, cur);
}

err db_query(struct db_conn *c, const struct db_query *q, const struct db_val *params, const struct db_scope *scope,
	     struct db_cursor **ret)
{
	if (c->open_cursors == 0)
		arena_reset(c->scratch);
	struct db_cursor *cur = new_cursor(c);
	err e = open_cursor(c, q, params, scope, cur);
	if (e != ERR_OK) {
		drop_cursor(cur);
		return e;
	}
	c->open_cursors++;
	*ret = cur;
	return ERR_OK;
}

static err probe_with(struct db_conn *c, const struct db_query *q, struct arena *a, bool optional)
{
	struct assembly *as = NEW(a, struct assembly);
	struct db_val params[MAX_SQL_PARAMS] = { 0 };
	static const struct db_scope_range one = { .lo = 1, .hi = 2, .sectors = 1, .secret = 1, .party = 0 };
	for (size_t i = 0; optional && q->types[i]; i++)
		params[i].type = DB_I64; /* present is all that counts here */
	as->sql = BUF(a);
	as->engine = c->be->engine;
	as->known = false;
	assemble(as, q, params, &(struct db_scope){ 1, &one });
	buf_cstr(&as->sql);
	return c->be->probe(c, buf_str(&as->sql), q->types, as->n, q->cols);
}

err db_probe(struct db_conn *c, const struct db_query *q)
{
	struct arena *a = arena_new();
	err e = probe_with(c, q, a, false);
	if (e == ERR_OK)
		e = probe_with(c, q, a, true);
	arena_free(a);
	return e;
}

err db_step(struct db_cursor *cur, bool *ret_row)
{
	return cur->c->be->step(cur, ret_row);
}

void db_done(struct db_cursor *cur)
{
	if (!cur)
		return;
	cur->c->be->finish(cur);
	cur->c->open_cursors--;
	drop_cursor(cur);
}

/* Its cursor is over when it returns, so it needs no memory of its own. */
err db_exec(struct db_conn *c, const struct db_query *q, const struct db_val *params, const struct db_scope *scope,
	    int64_t *ret_changed)
{
	struct db_cursor cur = { .c = c };
	bool row;
	if (c->open_cursors == 0)
		arena_reset(c->scratch);
	TRY(open_cursor(c, q, params, scope, &cur));
	err e = db_step(&cur, &row);
	if (e == ERR_OK && ret_changed)
		*ret_changed = cur.changed;
	c->be->finish(&cur);
	return e;
}

bool db_col_null(struct db_cursor *cur, int i)
{
	return cur->c->be->col_null(cur, i);
}

int64_t db_col_i64(struct db_cursor *cur, int i)
{
	return cur->c->be->col_i64(cur, i);
}

double db_col_f64(struct db_cursor *cur, int i)
{
	return cur->c->be->col_f64(cur, i);
}

str db_col_str(struct db_cursor *cur, int i)
{
	return cur->c->be->col_str(cur, i);
}

const char *db_message(const struct db_conn *c)
{
	return c->message;
}

enum db_engine db_conn_engine(const struct db_conn *c)
{
	return c->be->engine;
}

err db_exec_text(struct db_conn *c, str sql, struct fail *f)
{
	struct arena *a = arena_new();
	err e = c->be->script(c, arena_cstr(a, sql));
	arena_free(a);
	return e == ERR_OK ? e : db_fail(c, e, f);
}

/* ---- the readers ---- */

static struct db_conn *take_reader(struct db *db)
{
	pthread_mutex_lock(&db->lock);
	while (!db->readers)
		pthread_cond_wait(&db->idle_reader, &db->lock);
	struct db_conn *c = db->readers;
	db->readers = c->next;
	pthread_mutex_unlock(&db->lock);
	return c;
}

static void give_reader(struct db *db, struct db_conn *c)
{
	pthread_mutex_lock(&db->lock);
	c->next = db->readers;
	db->readers = c;
	pthread_cond_signal(&db->idle_reader);
	pthread_mutex_unlock(&db->lock);
}

err db_read_begin(struct db *db, struct db_conn **ret, struct fail *f)
{
	struct db_conn *c = take_reader(db);
	err e = c->be->simple(c, c->be->begin_read);
	if (e != ERR_OK && !c->be->alive(c)) {
		struct db_conn *again = db_conn_new(db, false, f);
		if (again) {
			db_conn_free(c);
			c = again;
			e = c->be->simple(c, c->be->begin_read);
		}
	}
	if (e != ERR_OK) {
		(void)db_fail(c, e, f);
		give_reader(db, c);
		return e;
	}
	*ret = c;
	return ERR_OK;
}

void db_read_end(struct db *db, struct db_conn *c)
{
	db_rollback(c);
	give_reader(db, c);
}

/* ---- opening and closing ---- */

static const char *keep(struct db *db, const char *s)
{
	return s ? arena_cstr(db->a, str_of(s)) : NULL;
}

static err open_readers(struct db *db, struct fail *f)
{
	int n = db->o.readers ? db->o.readers : DEFAULT_READERS;
	for (int i = 0; i < n; i++) {
		struct db_conn *c = db_conn_new(db, false, f);
		if (!c)
			return f ? f->code : ERR_DB;
		c->next = db->readers;
		db->readers = c;
	}
	return ERR_OK;
}

/* The first connection creates the file and its log; the directory is synced before any act. */
static err touch(struct db *db, struct fail *f)
{
	struct db_conn *c = db_conn_new(db, true, f);
	if (!c)
		return f ? f->code : ERR_DB;
	db_conn_free(c);
	return ERR_OK;
}

err db_open(const struct db_options *o, struct db **ret, struct fail *f)
{
	struct fail own;
	f = f ? f : &own;
	struct db *db = calloc(1, sizeof *db);
	if (!db)
		abort();
	db->a = arena_new();
	db->be = o->url ? &db_backend_pg : &db_backend_sqlite;
	db->o = *o;
	db->o.dir = keep(db, o->dir);
	db->o.url = keep(db, o->url);
	db->tail = &db->head;
	db->watched = o->watch && db->be->others;
	pthread_mutex_init(&db->lock, NULL);
	pthread_cond_init(&db->work, NULL);
	pthread_cond_init(&db->idle_reader, NULL);
	pthread_cond_init(&db->wal_grew, NULL);
	db->wal_pages_max = (o->log_bytes ? o->log_bytes : WAL_BYTES) / (o->page_bytes ? o->page_bytes : SQLITE_PAGE);
	db->wal_pages_next = db->wal_pages_max;
	err e = touch(db, f);
	if (e == ERR_OK)
		e = open_readers(db, f);
	if (e != ERR_OK) {
		db_close(db);
		return e;
	}
	db->nwriters = o->url ? (o->writers ? o->writers : DEFAULT_PG_WRITERS) : 1;
	if (db->nwriters > MAX_WRITERS)
		db->nwriters = MAX_WRITERS;
	for (int i = 0; i < db->nwriters; i++)
		pthread_create(&db->writers[i], NULL, db_writer_main, db);
	if (!o->url) {
		pthread_create(&db->checkpointer, NULL, db_checkpointer_main, db);
		db->has_checkpointer = true;
	}
	*ret = db;
	return ERR_OK;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	pthread_mutex_lock(&db->lock);
	db->stopping = true;
	pthread_cond_broadcast(&db->work);
	pthread_cond_broadcast(&db->wal_grew);
	pthread_mutex_unlock(&db->lock);
	for (int i = 0; i < db->nwriters; i++)
		pthread_join(db->writers[i], NULL);
	if (db->has_checkpointer)
		pthread_join(db->checkpointer, NULL);
	while (db->readers) {
		struct db_conn *next = db->readers->next;
		db_conn_free(db->readers);
		db->readers = next;
	}
	pthread_mutex_destroy(&db->lock);
	pthread_cond_destroy(&db->work);
	pthread_cond_destroy(&db->idle_reader);
	pthread_cond_destroy(&db->wal_grew);
	arena_free(db->a);
	free(db);
}

enum db_engine db_engine(const struct db *db)
{
	return db->be->engine;
}

uint64_t db_watched(const struct db *db)
{
	return __atomic_load_n(&db->watched, __ATOMIC_SEQ_CST);
}

struct db_stats db_stats(const struct db *db)
{
	return (struct db_stats){
		.commits = __atomic_load_n(&db->stats.commits, __ATOMIC_RELAXED),
		.jobs = __atomic_load_n(&db->stats.jobs, __ATOMIC_RELAXED),
		.failed = __atomic_load_n(&db->stats.failed, __ATOMIC_RELAXED),
		.retries = __atomic_load_n(&db->stats.retries, __ATOMIC_RELAXED),
	};
}
