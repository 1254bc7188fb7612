/* From a finished request to the answer on the wire. */
#include "http/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CSP_DOWNLOAD "default-src 'none'; sandbox; frame-ancestors 'none'"

void settle(struct exchange *x, err e)
{
	x->result = e;
	if (e != ERR_OK && x->rq.cx.fail.code != e)
		fail_set(&x->rq.cx.fail, e, __FILE__, __LINE__, "", NULL, NULL);
}

static str message(struct exchange *x, const struct fail *f)
{
	const struct http_hooks *k = &x->h->o.hooks;
	return k->message ? k->message(k->arg, x->a, x->rq.cx.lang, f) : str_of(f->key);
}

static void put_member(struct buf *b, const char *name, str text)
{
	buf_printf(b, ",\"%s\":", name);
	json_put_str(b, text);
}

static void put_args(struct buf *b, const struct fail *f)
{
	buf_put(b, S(",\"args\":{"));
	for (size_t i = 0; i < f->nargs; i++) {
		buf_printf(b, "%s\"%s\":", i ? "," : "", f->args[i].name);
		json_put_str(b, str_of(f->args[i].text));
	}
	buf_byte(b, '}');
}

/* RFC 9457, with our code, key and arguments beside the standard members. */
static void write_problem(struct exchange *x)
{
	struct req *rq = &x->rq;
	const struct fail *f = &rq->cx.fail;
	struct fail general = { .code = x->result, .key = err_key(x->result) };
	struct buf *b = &rq->out;
	*b = BUF(x->a);
	buf_put(b, S("{\"type\":\"about:blank\""));
	put_member(b, "title", message(x, &general));
	buf_printf(b, ",\"status\":%d", err_status(x->result));
	put_member(b, "code", str_of(err_name(x->result)));
	put_member(b, "key", str_of(f->key));
	put_member(b, "detail", message(x, f));
	if (f->pointer[0])
		put_member(b, "pointer", str_of(f->pointer));
	put_args(b, f);
	put_member(b, "request", rq->request_id);
	buf_byte(b, '}');
	rq->content_type = "application/problem+json";
	rq->status = err_status(x->result);
	rq->disposition_name = rq->set_cookie = rq->etag = (str){ NULL, 0 };
}

/* A row that the store would not take, and nobody has words for it. */
static bool unexplained(const struct exchange *x)
{
	return x->result == ERR_CONFLICT && !strcmp(x->rq.cx.fail.key, err_key(ERR_CONFLICT));
}

/* Refusals are the caller's business; what is ours is logged here and nowhere else. */
static void log_failure(struct exchange *x)
{
	const struct fail *f = &x->rq.cx.fail;
	if (err_status(x->result) < 500 && !unexplained(x))
		return;
	char line[16];
	snprintf(line, sizeof line, "%d", f->line);
	log_line(x->result == ERR_BUSY ? LOG_WARN : LOG_ERROR, "request failed", "request", arena_cstr(x->a, x->rq.request_id), "method",
	    arena_cstr(x->a, x->method), "path", arena_cstr(x->a, x->path), "error", err_name(x->result), "key", f->key,
	    "detail", f->nargs ? f->args[0].text : "", "store", x->db_message.p ? x->db_message.p : "", "file",
	    f->file ? f->file : "", "line", line, (const char *)NULL);
}

static void header(struct MHD_Response *r, const char *name, const char *value)
{
	if (MHD_add_response_header(r, name, value) != MHD_YES)
		LOG(WARN, "header refused", "name", name);
}

static bool plain(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '.' || c == '-' || c == '_';
}

/* RFC 6266: a plain name for old readers, the real one in RFC 5987's form. */
static void disposition(struct exchange *x, struct MHD_Response *r)
{
	struct buf b = BUF(x->a);
	str name = x->rq.disposition_name;
	buf_put(&b, S("attachment; filename=\""));
	for (size_t i = 0; i < name.n; i++)
		buf_byte(&b, plain(name.p[i]) ? name.p[i] : '_');
	buf_put(&b, S("\"; filename*=UTF-8''"));
	for (size_t i = 0; i < name.n; i++) {
		if (plain(name.p[i]))
			buf_byte(&b, name.p[i]);
		else
			buf_printf(&b, "%%%02X", (unsigned)(unsigned char)name.p[i]);
	}
	header(r, "Content-Disposition", buf_cstr(&b));
}

static void security_headers(struct exchange *x, struct MHD_Response *r)
{
	bool download = x->rq.disposition_name.p != NULL;
	header(r, "Content-Security-Policy", download ? CSP_DOWNLOAD : x->h->csp.p);
	header(r, "X-Content-Type-Options", "nosniff");
	header(r, "Referrer-Policy", "no-referrer");
	header(r, "Cross-Origin-Opener-Policy", "same-origin");
	header(r, "Cross-Origin-Resource-Policy", "same-origin");
	if (x->h->o.secure_cookies)
		header(r, "Strict-Transport-Security", "max-age=31536000");
}

static void caching(struct exchange *x, struct MHD_Response *r)
{
	bool asset = x->page && str_starts(x->page->path, S("assets/"));
	if (!x->page || x->result != ERR_OK) {
		header(r, "Cache-Control", x->rq.etag.p ? "private, no-cache" : "no-store");
		return;
	}
	header(r, "Cache-Control", asset ? "public, max-age=31536000, immutable" : "no-cache");
	if (x->page->gzip.p)
		header(r, "Vary", "Accept-Encoding");
	if (x->page_gzip && x->rq.status != 304)
		header(r, "Content-Encoding", "gzip");
}

/* A refusal for being too many says for how long, where it is known. */
static const char *wait_of(const struct fail *f)
{
	for (size_t i = 0; i < f->nargs; i++)
		if (!strcmp(f->args[i].name, "seconds"))
			return f->args[i].text;
	return "60";
}

static void failure_headers(struct exchange *x, struct MHD_Response *r)
{
	int status = x->rq.status;
	if (status == 405)
		header(r, "Allow", arena_cstr(x->a, x->allow));
	if (status == 401)
		header(r, "WWW-Authenticate", "Cookie realm=\"bihuan\"");
	if (status == 503)
		header(r, "Retry-After", "2");
	if (status == 429)
		header(r, "Retry-After", wait_of(&x->rq.cx.fail));
}

static void headers(struct exchange *x, struct MHD_Response *r)
{
	struct req *rq = &x->rq;
	if (rq->content_type)
		header(r, "Content-Type", rq->content_type);
	header(r, "X-Request-Id", arena_cstr(x->a, rq->request_id));
	security_headers(x, r);
	caching(x, r);
	if (rq->disposition_name.p)
		disposition(x, r);
	if (rq->set_cookie.p)
		header(r, "Set-Cookie", arena_cstr(x->a, rq->set_cookie));
	if (rq->etag.p)
		header(r, "ETag", arena_cstr(x->a, rq->etag));
	if (x->result != ERR_OK)
		failure_headers(x, r);
	if (x->close || atomic_load(&x->h->stopping))
		header(r, "Connection", "close");
}

/* A weak comparison with each tag of If-None-Match. */
static bool client_has(struct exchange *x, str etag)
{
	str rest = request_header(x, "If-None-Match"), piece;
	if (!etag.p)
		return false;
	while (str_cut(&rest, ',', &piece)) {
		piece = str_trim(piece);
		if (str_starts(piece, S("W/")))
			piece = str_sub(piece, 2, piece.n);
		if (str_eq(piece, etag) || str_eq(piece, S("*")))
			return true;
	}
	return false;
}

static struct MHD_Response *from_bytes(str s)
{
	union {
		const char *in;
		void *out; /* the library only reads it, but asks for a plain pointer */
	} p = { .in = s.p };
	return MHD_create_response_from_buffer(s.n, p.out, MHD_RESPMEM_PERSISTENT);
}

static struct MHD_Response *from_problem(struct exchange *x)
{
	log_failure(x);
	write_problem(x);
	return from_bytes(buf_str(&x->rq.out));
}

static struct MHD_Response *from_page(struct exchange *x)
{
	const struct embed_file *file = x->page;
	x->rq.content_type = file->type;
	x->rq.etag = str_of(file->etag);
	x->rq.status = client_has(x, x->rq.etag) ? 304 : 200;
	return from_bytes(x->rq.status == 304 ? S("") : x->page_gzip ? file->gzip : file->bytes);
}

static struct MHD_Response *from_file(struct exchange *x)
{
	struct stat st;
	int fd = open(x->rq.send_path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return MHD_create_response_from_fd64((uint64_t)st.st_size, fd); /* closes it */
	const char *why = strerror(errno);
	if (fd >= 0)
		close(fd);
	x->result = FAIL(&x->rq.cx.fail, IO, "", "err.io", "why", why);
	return from_problem(x);
}

static struct MHD_Response *from_reply(struct exchange *x)
{
	struct req *rq = &x->rq;
	if (rq->route->kind == STREAM)
		return stream_response(x);
	if (rq->etag.p && client_has(x, rq->etag)) {
		rq->status = 304;
		rq->content_type = NULL;
		return from_bytes(S(""));
	}
	if (rq->send_path)
		return from_file(x);
	if (!rq->content_type) {
		rq->content_type = "application/json";
		if (rq->out.n == 0)
			buf_put(&rq->out, S("{}"));
	}
	return from_bytes(buf_str(&rq->out));
}

const int64_t http_duration_us[HTTP_DURATIONS - 1] = { 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000, 2500000, 10000000 };

static void count(struct exchange *x)
{
	struct http *h = x->h;
	int class = x->rq.status / 100;
	atomic_fetch_add(&h->requests, 1);
	atomic_fetch_add(&h->by_class[class >= 0 && class < 6 ? class : 5], 1);
	int64_t us = clock_monotonic_us() - x->start_us;
	size_t i = 0;
	while (i < HTTP_DURATIONS - 1 && us > http_duration_us[i])
		i++;
	atomic_fetch_add(&h->duration_us, us);
	atomic_fetch_add(&h->by_duration[i], 1);
}

enum MHD_Result answer(struct exchange *x)
{
	struct MHD_Response *r = x->result != ERR_OK ? from_problem(x) : x->is_page ? from_page(x) : from_reply(x);
	if (!r)
		return MHD_NO;
	if (!x->rq.status)
		x->rq.status = 200;
	headers(x, r);
	x->phase = PHASE_ANSWERED;
	count(x);
	enum MHD_Result ok = MHD_queue_response(x->conn, (unsigned)x->rq.status, r);
	MHD_destroy_response(r);
	return ok;
}
