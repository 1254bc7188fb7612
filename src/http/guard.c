/* Refuses what could be read in two ways (request smuggling), names that are not ours (DNS rebinding)
 * and writes that another site started. */
#include "http/internal.h"

#include <string.h>

struct framing {
	struct exchange *x;
	int lengths, codings, hosts;
	str length, coding;
	bool bad_name;
};

static bool is_token(str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool word = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
		if (!word && !memchr("!#$%&'*+-.^_`|~", c, 15))
			return false;
	}
	return name.n > 0;
}

static enum MHD_Result look(void *arg, enum MHD_ValueKind kind, const char *key, const char *value)
{
	(void)kind;
	struct framing *fr = arg;
	str name = str_of(key);
	if (!is_token(name))
		fr->bad_name = true;
	if (str_eq_nocase(name, S("Content-Length"))) {
		fr->lengths++;
		fr->length = str_of(value);
	} else if (str_eq_nocase(name, S("Transfer-Encoding"))) {
		fr->codings++;
		fr->coding = str_of(value);
	} else if (str_eq_nocase(name, S("Host"))) {
		fr->hosts++;
	}
	return MHD_YES;
}

static bool is_digits(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

static err bad_request(struct exchange *x)
{
	x->close = true;
	return FAIL(&x->rq.cx.fail, BAD_JSON, "", "err.bad_request");
}

static err check_framing(struct exchange *x, const char *version)
{
	struct framing fr = { .x = x };
	MHD_get_connection_values(x->conn, MHD_HEADER_KIND, look, &fr);
	x->content_length = -1;
	x->has_body = fr.codings > 0 || fr.lengths > 0;
	bool old = str_eq(str_of(version), S("HTTP/1.0"));
	if (fr.bad_name || fr.lengths + fr.codings > 1 || fr.hosts > 1 || (!old && fr.hosts == 0))
		return bad_request(x);
	if (fr.codings && (old || !str_eq_nocase(fr.coding, S("chunked"))))
		return bad_request(x);
	if (fr.lengths && (!is_digits(fr.length) || !str_to_i64(fr.length, &x->content_length)))
		return bad_request(x);
	if (x->content_length == 0)
		x->has_body = false;
	return ERR_OK;
}

/* The name in "name:port" or "[v6]:port"; anything else is left whole, and is nobody's name. */
static str host_name(str host)
{
	size_t end = host.n;
	while (end > 0 && host.p[end - 1] >= '0' && host.p[end - 1] <= '9')
		end--;
	str name = end > 0 && host.p[end - 1] == ':' ? str_sub(host, 0, end - 1) : host;
	bool six = name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']';
	return six ? str_sub(name, 1, name.n - 1) : name;
}

static bool listed(const char *list, str name)
{
	str rest = str_of(list), piece;
	while (str_cut(&rest, ',', &piece))
		if (str_eq_nocase(str_trim(piece), name))
			return true;
	return false;
}

static bool host_is_ours(const struct http *h, str name)
{
	if (listed(h->o.hosts, name))
		return true;
	if (!h->loopback)
		return !h->o.hosts;
	return str_eq_nocase(name, S("localhost")) || str_eq(name, S("127.0.0.1")) || str_eq(name, S("::1")) ||
	       str_eq_nocase(name, h->listen_host);
}

static err check_host(struct exchange *x)
{
	str host = request_header(x, "Host");
	if (!host.p || host_is_ours(x->h, host_name(host)))
		return ERR_OK;
	x->close = true;
	return FAIL(&x->rq.cx.fail, FORBIDDEN, "", "err.foreign_host");
}

static bool is_safe(str method)
{
	return str_eq(method, S("GET")) || str_eq(method, S("HEAD")) || str_eq(method, S("OPTIONS"));
}

/* A browser says where a request comes from; programs that say nothing carry no cookie of ours that
 * they should not have. */
static err check_origin(struct exchange *x)
{
	if (is_safe(x->method))
		return ERR_OK;
	str site = request_header(x, "Sec-Fetch-Site"), origin = request_header(x, "Origin");
	str host = request_header(x, "Host");
	bool bad = site.p && !str_eq(site, S("same-origin")) && !str_eq(site, S("none"));
	if (!bad && origin.p) {
		ptrdiff_t at = str_find(origin, S("://"));
		bad = at < 0 || !str_eq_nocase(str_sub(origin, (size_t)at + 3, origin.n), host);
	}
	return bad ? FAIL(&x->rq.cx.fail, FORBIDDEN, "", "err.cross_site") : ERR_OK;
}

err guard_check(struct exchange *x, const char *version)
{
	TRY(check_framing(x, version));
	TRY(check_host(x));
	return check_origin(x);
}
