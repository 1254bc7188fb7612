/* From the head of a request to the moment its handler can run. */
#include "http/internal.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool decode_percent(struct arena *a, str s, bool plus, str *ret)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '%') {
			int hi = i + 2 < s.n ? hex(s.p[i + 1]) : -1;
			int lo = i + 2 < s.n ? hex(s.p[i + 2]) : -1;
			if (hi < 0 || lo < 0 || (hi | lo) == 0)
				return false;
			c = (char)(hi << 4 | lo);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		p[n++] = c;
	}
	*ret = (str){ p, n };
	return utf8_valid(*ret);
}

str request_header(const struct exchange *x, const char *name)
{
	return str_of(MHD_lookup_connection_value(x->conn, MHD_HEADER_KIND, name));
}

str rq_header(struct req *rq, const char *name)
{
	return rq->x ? request_header(rq->x, name) : (str){ NULL, 0 }; /* none at a heartbeat */
}

static str copy_header(struct exchange *x, const char *name)
{
	str s = request_header(x, name);
	return s.p ? arena_str(x->a, s) : s;
}

/* A proxy on this machine is believed when the operator has told us of one (option hosts): the last
 * address in its list is the one it saw itself. */
static str forwarded(struct exchange *x, str peer)
{
	unsigned char waste[16];
	str rest = request_header(x, "X-Forwarded-For"), last;
	bool near = str_starts(peer, S("127.")) || str_eq(peer, S("::1"));
	if (!rest.p || !near || !x->h->o.hosts)
		return peer;
	while (str_cut(&rest, ',', &last))
		;
	last = str_trim(last);
	const char *text = arena_cstr(x->a, last);
	return inet_pton(AF_INET, text, waste) == 1 || inet_pton(AF_INET6, text, waste) == 1 ? last : peer;
}

static str peer_of(struct exchange *x)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(x->conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	char text[INET6_ADDRSTRLEN] = "";
	if (!info || !info->client_addr)
		return S("");
	const struct sockaddr *sa = info->client_addr;
	if (sa->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, text, sizeof text);
	else if (sa->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, text, sizeof text);
	return arena_str(x->a, forwarded(x, str_of(text)));
}

/* Unguessable enough to tell requests apart, never reused within a run. */
static str new_id(struct http *h, struct arena *a)
{
	uint64_t z = h->id_seed + atomic_fetch_add(&h->id_next, 1) * 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return arena_printf(a, "%016llx", (unsigned long long)(z ^ (z >> 31)));
}

/* Chinese unless English is asked for first. */
static str language(str accept)
{
	str piece;
	while (str_cut(&accept, ',', &piece)) {
		piece = str_trim(piece);
		if (str_starts(piece, S("zh")))
			return S("zh-CN");
		if (str_starts(piece, S("en")))
			return S("en");
	}
	return S("zh-CN");
}

static err read_idem(struct exchange *x)
{
	str key = request_header(x, "Idempotency-Key");
	if (!key.p)
		return ERR_OK;
	bool good = key.n > 0 && key.n <= 64;
	for (size_t i = 0; good && i < key.n; i++)
		good = key.p[i] > ' ' && key.p[i] < 127;
	if (!good)
		return FAIL(&x->rq.cx.fail, BAD_INPUT, "", "err.bad_idempotency_key");
	x->rq.cx.idem = arena_str(x->a, key);
	return ERR_OK;
}

static err find_route(struct exchange *x)
{
	struct fail *f = &x->rq.cx.fail;
	x->m = router_find(&x->h->router, x->a, x->method, x->path, &x->allow);
	if (x->m.c) {
		x->rq.route = x->m.c->route;
		return ERR_OK;
	}
	if (x->allow.n)
		return FAIL(f, METHOD, "", NULL);
	if (str_eq(x->path, S("/api")) || str_starts(x->path, S("/api/")))
		return FAIL(f, NOT_FOUND, "", "err.no_route");
	if (!str_eq(x->method, S("GET")) && !str_eq(x->method, S("HEAD"))) {
		x->allow = S("GET, HEAD");
		return FAIL(f, METHOD, "", NULL);
	}
	TRY(page_find(x));
	x->is_page = true;
	return ERR_OK;
}

static err check_type(struct exchange *x)
{
	str type = request_header(x, "Content-Type"), base;
	if (x->rq.route->kind == UPLOAD || !x->has_body)
		return ERR_OK;
	if (!type.p || !str_cut(&type, ';', &base) || !str_eq_nocase(str_trim(base), S("application/json")))
		return FAIL(&x->rq.cx.fail, UNSUPPORTED, "", "err.content_type", "expected", "application/json");
	return ERR_OK;
}

err request_too_large(struct exchange *x, int64_t max)
{
	char bytes[24], mib[24];
	snprintf(bytes, sizeof bytes, "%lld", (long long)max);
	snprintf(mib, sizeof mib, "%.3g", (double)max / (1 << 20));
	return FAIL(&x->rq.cx.fail, TOO_LARGE, "", "err.too_large_max", "mib", mib, "max", bytes);
}

int64_t request_max_upload(const struct exchange *x)
{
	int64_t own = x->rq.route->max_upload, max = x->h->o.max_upload;
	return own && own < max ? own : max;
}

static err check_size(struct exchange *x)
{
	bool upload = x->rq.route && x->rq.route->kind == UPLOAD;
	int64_t max = upload ? request_max_upload(x) : x->h->o.max_body;
	return x->content_length > max ? request_too_large(x, max) : ERR_OK;
}

static err check_encoding(struct exchange *x)
{
	str coding = request_header(x, "Content-Encoding");
	if (coding.p && !str_eq_nocase(coding, S("identity")))
		return FAIL(&x->rq.cx.fail, UNSUPPORTED, "", "err.content_encoding");
	return ERR_OK;
}

static err enter(struct exchange *x)
{
	struct req *rq = &x->rq;
	const struct http_hooks *k = &x->h->o.hooks;
	if (k->authenticate && !x->who_known)
		TRY(k->authenticate(k->arg, rq));
	if (!rq->route->perm)
		return ERR_OK;
	if (!rq->cx.who)
		return FAIL(&rq->cx.fail, UNAUTHENTICATED, "", NULL);
	return k->authorize ? k->authorize(k->arg, rq) : ERR_OK;
}

static err parse_query(struct exchange *x)
{
	struct req *rq = &x->rq;
	struct json_pair pairs[MAX_QUERY];
	size_t n = 0;
	str rest = rq->raw_query, piece;
	while (rest.n && str_cut(&rest, '&', &piece)) {
		ptrdiff_t eq = str_find_char(piece, '=');
		str name = str_sub(piece, 0, eq < 0 ? piece.n : (size_t)eq);
		str value = str_sub(piece, eq < 0 ? piece.n : (size_t)eq + 1, piece.n);
		if (piece.n == 0)
			continue;
		if (n == MAX_QUERY || !decode_percent(x->a, name, true, &pairs[n].name) ||
		    !decode_percent(x->a, value, true, &pairs[n].value))
			return FAIL(&rq->cx.fail, BAD_INPUT, "?", "err.bad_query");
		if (str_eq(pairs[n].name, S("lang")))
			rq->cx.lang = language(pairs[n].value);
		else
			n++;
	}
	if (rq->route->query)
		rq->query = arena_alloc(x->a, rq->route->query()->size);
	return json_read_query(x->a, pairs, n, rq->route->query, rq->query, &rq->cx.fail);
}

static err parse_body(struct exchange *x)
{
	struct req *rq = &x->rq;
	if (rq->route->kind == UPLOAD)
		return temp_finish(x);
	rq->body_text = buf_str(&x->body);
	if (rq->route->body) {
		rq->body = arena_alloc(x->a, rq->route->body()->size);
		return json_read(x->a, rq->body_text, rq->route->body, rq->body, &rq->cx.fail);
	}
	str text = str_trim(rq->body_text);
	if (text.n && !str_eq(text, S("{}")))
		return FAIL(&rq->cx.fail, BAD_INPUT, "", "err.no_body");
	return ERR_OK;
}

/* Of an upload everything but the body is checked before its first byte is kept. */
static err enter_early(struct exchange *x)
{
	if (x->is_page || x->rq.route->kind != UPLOAD)
		return ERR_OK;
	struct db_conn *c;
	TRY(db_read_begin(x->h->o.db, &c, &x->rq.cx.fail));
	x->rq.cx.c = c;
	err e = enter(x);
	if (e == ERR_OK)
		e = parse_query(x);
	x->rq.cx.c = NULL;
	db_read_end(x->h->o.db, c);
	return e;
}

err request_begin(struct exchange *x, const char *method, const char *version)
{
	struct http *h = x->h;
	x->method = arena_str(x->a, str_of(method));
	x->rq.request_id = new_id(h, x->a);
	x->rq.cx.app = h->o.app;
	x->rq.cx.now_ms = clock_now_ms(h->o.clock);
	x->rq.peer = peer_of(x);
	x->rq.cookie = copy_header(x, "Cookie");
	x->rq.csrf_header = copy_header(x, "X-CSRF-Token");
	x->rq.cx.lang = language(request_header(x, "Accept-Language"));
	TRY(guard_check(x, version));
	TRY(find_route(x));
	TRY(check_size(x));
	if (x->is_page)
		return ERR_OK;
	TRY(check_encoding(x));
	TRY(check_type(x));
	TRY(read_idem(x));
	return enter_early(x);
}

err request_ready(struct exchange *x)
{
	if (x->rq.route->kind != UPLOAD) { /* that was done before its body came */
		TRY(enter(x));
		TRY(parse_query(x));
	}
	return parse_body(x);
}
