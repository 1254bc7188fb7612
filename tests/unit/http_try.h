/* A real server with a small table of routes and a store in a temporary folder, and a client of bare
 * sockets that sends exactly what a test says. */
#ifndef BH_TEST_HTTP_TRY_H
#define BH_TEST_HTTP_TRY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embed.h"
#include "http/http.h"

#define TEXT_OF(name, sql, t)                                                                      \
	static const struct db_query name = { #name,                                               \
		{ (const struct db_frag[]){ { DB_FRAG_TEXT, sql, 0 }, { 0 } }, NULL }, t, "", false }
TEXT_OF(q_put, "INSERT INTO note (id, body) VALUES (?1, ?2)", "is");
TEXT_OF(q_count, "SELECT COUNT(id) FROM note", "");

static const struct db_migration steps[] = {
	{ 1, "0001_note.sql", S("CREATE TABLE note (\n\tid BIGINT PRIMARY KEY,\n\tbody TEXT NOT NULL\n);\n") },
};

#define NOTE_IN(F, O, L)                                                                           \
	F(STR, text, REQ, .max = 20)                                                               \
	F(BOOL, fail, OPT)
JSON_STRUCT(note_in, NOTE_IN)
JSON_DEFINE(note_in, NOTE_IN)
#define NOTE_OUT(F, O, L)                                                                          \
	F(I64, n, REQ)                                                                             \
	F(STR, text, OPT)
JSON_STRUCT(note_out, NOTE_OUT)
JSON_DEFINE(note_out, NOTE_OUT)
#define NOTE_QUERY(F, O, L)                                                                        \
	F(STR, q, OPT)                                                                             \
	F(I64, limit, OPT, .min = 1, .max = 200)
JSON_STRUCT(note_query, NOTE_QUERY)
JSON_DEFINE(note_query, NOTE_QUERY)

struct principal {
	int64_t region;
};

/* What the handlers of one server share. */
struct app {
	_Atomic int64_t next_id;
	_Atomic bool expired;
	_Atomic int writes;          /* how often a WRITE handler ran */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int waiting;                 /* slow handlers inside */
	bool gate_open;
	const char *tmp;
	str stored;                  /* the one remembered answer */
	char stored_text[64];
};

struct server {
	char dir[64], tmp[80];
	struct db *db;
	struct http *http;
	struct app app;
	struct clock clock;
};

static inline int64_t count_notes(struct db_conn *c)
{
	struct db_cursor *cur;
	bool row;
	assert_int_equal(db_query(c, &q_count, NULL, NULL, &cur), ERR_OK);
	assert_int_equal(db_step(cur, &row), ERR_OK);
	int64_t n = db_col_i64(cur, 0);
	db_done(cur);
	return n;
}

static inline struct app *app_of(struct req *rq)
{
	return (struct app *)(uintptr_t)rq->cx.app;
}

static inline err get_notes(struct req *rq)
{
	struct note_query *q = rq->query;
	struct note_out out = { .n = count_notes(rq->cx.c), .text = q->q };
	return reply_json(rq, &out);
}

static inline err get_note(struct req *rq)
{
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	return reply_json(rq, &(struct note_out){ .n = id });
}

static inline err get_all(struct req *rq)
{
	rq->etag = S("\"v1\"");
	return reply_json(rq, &(struct note_out){ .n = -1 });
}

static inline err post_note(struct req *rq)
{
	struct note_in *in = rq->body;
	struct app *app = app_of(rq);
	int64_t id = atomic_fetch_add(&app->next_id, 1) + 1;
	struct db_val v[] = { db_i64(id), db_text(in->text) };
	atomic_fetch_add(&app->writes, 1);
	TRY(db_exec(rq->cx.c, &q_put, v, NULL, NULL));
	rq_publish(rq, "note", &(struct http_about){ .region = 1, .sectors = 1 }, in->text);
	reply_json(rq, &(struct note_out){ .n = -2 }); /* must not be seen when the attempt is repeated */
	if (str_eq(in->text, S("busy")) && atomic_load(&app->writes) == 1)
		return ERR_BUSY;
	rq->out.n = 0;
	if (in->fail)
		return FAIL(&rq->cx.fail, STALE, "/ver", "err.stale", "ver", "4");
	return reply_created(rq, &(struct note_out){ .n = id, .text = in->text });
}

static inline err post_slow(struct req *rq)
{
	struct app *app = app_of(rq);
	pthread_mutex_lock(&app->lock);
	app->waiting++;
	pthread_cond_broadcast(&app->changed);
	while (!app->gate_open)
		pthread_cond_wait(&app->changed, &app->lock);
	app->waiting--;
	pthread_mutex_unlock(&app->lock);
	return reply_text(rq, "text/plain; charset=utf-8", S("slow"));
}

static inline err post_file(struct req *rq)
{
	struct buf b = BUF(rq->a);
	for (size_t i = 0; i < 32; i++)
		buf_printf(&b, "%02x", (unsigned)rq->upload.sha256[i]);
	return reply_json(rq, &(struct note_out){ .n = rq->upload.size, .text = buf_str(&b) });
}

static inline err get_download(struct req *rq)
{
	return reply_download(rq, "text/html", S("\xe4\xbb\xbb\xe5\x8a\xa1 \"1\".html"), S("<script>1</script>"));
}

static inline err get_file(struct req *rq)
{
	struct app *app = app_of(rq);
	str path = arena_printf(rq->a, "%s/made.txt", app->tmp);
	FILE *f = fopen(arena_cstr(rq->a, path), "w");
	if (!f)
		return ERR_IO;
	fputs("made", f);
	fclose(f);
	return reply_file(rq, "text/plain", S("a.txt"), arena_cstr(rq->a, path), true);
}

static inline err get_broken(struct req *rq)
{
	(void)rq;
	return ERR_DB;
}

static inline err get_stream(struct req *rq)
{
	buf_put(&rq->out, S("event: hello\ndata: {}\n\n"));
	return ERR_OK;
}

static const struct route table[] = {
	{ "GET", "/api/notes", get_notes, READ, NULL, NULL, note_out_json, "Notes", note_query_json },
	{ "GET", "/api/notes/{id}", get_note, READ, NULL, NULL, note_out_json, "One note", NULL },
	{ "GET", "/api/notes/all", get_all, READ, NULL, NULL, note_out_json, "All", NULL },
	{ "POST", "/api/notes", post_note, WRITE, NULL, note_in_json, note_out_json, "Add a note", NULL },
	{ "PATCH", "/api/notes/{id}", post_note, WRITE, "note.write", note_in_json, note_out_json, "Change", NULL },
	{ "POST", "/api/slow", post_slow, SLOW, NULL, NULL, NULL, "Wait", NULL },
	{ "POST", "/api/files", post_file, UPLOAD, "", NULL, note_out_json, "Upload", NULL },
	{ "GET", "/api/download", get_download, READ, NULL, NULL, NULL, "Download", NULL },
	{ "GET", "/api/file", get_file, SLOW, NULL, NULL, NULL, "A file made for it", NULL },
	{ "GET", "/api/private", get_all, READ, "note.read", NULL, note_out_json, "Private", NULL },
	{ "GET", "/api/broken", get_broken, READ, NULL, NULL, NULL, "Fails", NULL },
	{ "GET", "/api/stream", get_stream, STREAM, "", NULL, NULL, "News", NULL },
	{ NULL },
};
static const struct route *const tables[] = { table, NULL };

/* ---- hooks ---- */

static inline err authenticate(void *arg, struct req *rq)
{
	struct app *app = arg;
	if (!rq->cookie.p || atomic_load(&app->expired))
		return ERR_OK;
	if (str_find(rq->cookie, S("bihuan_session=good")) < 0)
		return ERR_OK;
	if (!str_eq(str_of(rq->route->method), S("GET")) && !str_eq(rq->csrf_header, S("t")))
		return FAIL(&rq->cx.fail, FORBIDDEN, "", "err.csrf");
	struct principal *who = NEW(rq->a, struct principal);
	who->region = 1;
	rq->cx.who = who;
	return ERR_OK;
}

static inline err authorize(void *arg, struct req *rq)
{
	(void)arg;
	if (str_eq(str_of(rq->route->perm), S("note.write")))
		return FAIL(&rq->cx.fail, FORBIDDEN, "", NULL);
	return ERR_OK;
}

static inline str message(void *arg, struct arena *a, str lang, const struct fail *f)
{
	(void)arg;
	return arena_printf(a, STR_FMT " %s", STR_ARG(lang), f->key);
}

static inline err idem_find(void *arg, struct req *rq, bool *ret_hit)
{
	struct app *app = arg;
	*ret_hit = app->stored.p && str_eq(rq->cx.idem, S("k1"));
	if (*ret_hit) {
		rq->status = 201;
		rq->content_type = "application/json";
		buf_put(&rq->out, app->stored);
	}
	return ERR_OK;
}

static inline err idem_store(void *arg, struct req *rq)
{
	struct app *app = arg;
	snprintf(app->stored_text, sizeof app->stored_text, STR_FMT, STR_ARG(buf_str(&rq->out)));
	app->stored = str_of(app->stored_text);
	return ERR_OK;
}

static inline bool filter(const struct principal *who, const struct http_about *about)
{
	return who->region == about->region;
}

static const struct embed_file *embed(str path)
{
	static const struct embed_file files[] = {
		{ { "index.html", 10 }, { "<!doctype>", 10 }, { NULL, 0 }, "text/html; charset=utf-8", "\"i1\"" },
		{ { "assets/a.js", 11 }, { "let a = 1;", 10 }, { "GZIP", 4 }, "text/javascript", "\"a1\"" },
	};
	for (size_t i = 0; i < COUNT_OF(files); i++)
		if (str_eq(files[i].path, path))
			return &files[i];
	return NULL;
}

/* ---- starting and stopping ---- */

static inline struct server *server_new(struct http_options o)
{
	struct server *s = calloc(1, sizeof *s);
	struct fail f = { 0 };
	int applied;
	snprintf(s->dir, sizeof s->dir, "/tmp/bihuan-http-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(s->tmp, sizeof s->tmp, "%s/up", s->dir);
	assert_int_equal(mkdir(s->tmp, 0700), 0);
	assert_int_equal(db_open(&(struct db_options){ .dir = s->dir, .create = true }, &s->db, &f), ERR_OK);
	assert_int_equal(db_migrate(s->db, steps, 1, 0, &applied, &f), ERR_OK);
	s->app.tmp = s->tmp;
	pthread_mutex_init(&s->app.lock, NULL);
	pthread_cond_init(&s->app.changed, NULL);
	o.listen = "127.0.0.1:0";
	o.tables = tables;
	o.hooks = (struct http_hooks){ .arg = &s->app, .authenticate = authenticate, .authorize = authorize, .message = message,
				       .idem_find = idem_find, .idem_store = idem_store };
	o.app = &s->app;
	o.db = s->db;
	o.clock = &s->clock;
	o.tmp_dir = s->tmp;
	o.embed = embed;
	o.filter = filter;
	assert_int_equal(http_start(&o, &s->http, &f), ERR_OK);
	return s;
}

static inline void server_free(struct server *s)
{
	char cmd[96];
	http_stop(s->http);
	db_close(s->db);
	snprintf(cmd, sizeof cmd, "rm -rf %s", s->dir);
	assert_int_equal(system(cmd), 0);
	pthread_mutex_destroy(&s->app.lock);
	pthread_cond_destroy(&s->app.changed);
	free(s);
}

static inline size_t temp_files(struct server *s)
{
	DIR *d = opendir(s->tmp);
	size_t n = 0;
	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

/* ---- the client ---- */

static inline int dial(struct server *s)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(s->http)) };
	struct timeval patience = { .tv_sec = 20 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

/* False when the server has hung up. */
static inline bool say(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);
		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

struct reply {
	char text[16384];
	size_t n;
	int status;
	const char *body;
};

/* Reads until the server closes, or `until` was seen. */
static inline void hear(int fd, struct reply *r, const char *until)
{
	*r = (struct reply){ .n = 0 };
	while (r->n < sizeof r->text - 1) {
		ssize_t k = recv(fd, r->text + r->n, sizeof r->text - 1 - r->n, 0);
		if (k <= 0)
			break;
		r->n += (size_t)k;
		r->text[r->n] = 0;
		if (until && strstr(r->text, until))
			break;
	}
	r->text[r->n] = 0;
	r->status = r->n > 12 ? (int)strtol(r->text + 9, NULL, 10) : 0;
	char *gap = strstr(r->text, "\r\n\r\n");
	r->body = gap ? gap + 4 : "";
}

/* One request on a connection of its own. `head` has further lines, each ended by \r\n. */
static inline void ask(struct server *s, struct reply *r, const char *line, const char *head, const char *body)
{
	char text[4096];
	int fd = dial(s);
	int n = snprintf(text, sizeof text, "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s", line, head);
	if (body)
		n += snprintf(text + n, sizeof text - (size_t)n,
			      "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
	n += snprintf(text + n, sizeof text - (size_t)n, "\r\n%s", body ? body : "");
	assert_true(say(fd, text, (size_t)n));
	hear(fd, r, NULL);
	close(fd);
}

/* Exactly these bytes. */
static inline void ask_raw(struct server *s, struct reply *r, const char *bytes, size_t n)
{
	int fd = dial(s);
	say(fd, bytes, n);
	shutdown(fd, SHUT_WR);
	hear(fd, r, NULL);
	close(fd);
}

static inline bool temp_files_become(struct server *s, size_t n)
{
	int64_t until = clock_monotonic_us() + 20 * 1000000;
	while (temp_files(s) != n && clock_monotonic_us() < until)
		sched_yield();
	return temp_files(s) == n;
}

static inline int open_stream(struct server *s, struct reply *r)
{
	static const char text[] = "GET /api/stream HTTP/1.1\r\nHost: localhost\r\nCookie: bihuan_session=good\r\n\r\n";
	int fd = dial(s);
	assert_true(say(fd, text, sizeof text - 1));
	hear(fd, r, "event: hello");
	return fd;
}

static inline int set_up(void **state)
{
	*state = server_new((struct http_options){ .max_body = 4096, .max_upload = 1 << 20 });
	return 0;
}

static inline int tear_down(void **state)
{
	server_free(*state);
	return 0;
}

#define has(r, what) assert_non_null(strstr((r)->text, (what)))
#define lacks(r, what) assert_null(strstr((r)->text, (what)))

#endif
