/* The page: files built into the binary. */
#include "http/internal.h"

#include <string.h>

static bool accepts(const struct exchange *x, const char *header, str what)
{
	str value = request_header(x, header);
	return value.p && str_find(value, what) >= 0;
}

/* "gzip" that is not refused by q=0. */
static bool accepts_gzip(const struct exchange *x)
{
	str rest = request_header(x, "Accept-Encoding"), piece, coding;
	while (str_cut(&rest, ',', &piece)) {
		bool named = str_cut(&piece, ';', &coding) && str_eq_nocase(str_trim(coding), S("gzip"));
		str q = str_trim(piece);
		if (named)
			return !str_eq(q, S("q=0")) && !str_starts(q, S("q=0.0"));
	}
	return false;
}

/* Addresses of the page's own views have no dot: they all get index.html. */
static bool is_view(const struct exchange *x)
{
	return !memchr(x->path.p, '.', x->path.n) &&
	       (accepts(x, "Accept", S("text/html")) || str_eq(x->path, S("/")));
}

err page_find(struct exchange *x)
{
	const struct http *h = x->h;
	str path = str_sub(x->path, 1, x->path.n);
	if (h->o.embed) {
		x->page = path.n ? h->o.embed(path) : NULL;
		if (!x->page && is_view(x)) /* a page of its own: /report is report.html */
			x->page = h->o.embed(arena_printf(x->a, STR_FMT ".html", STR_ARG(path)));
		if (!x->page && is_view(x))
			x->page = h->o.embed(S("index.html"));
	}
	if (!x->page)
		return FAIL(&x->rq.cx.fail, NOT_FOUND, "", NULL);
	x->page_gzip = x->page->gzip.p && accepts_gzip(x);
	return ERR_OK;
}
