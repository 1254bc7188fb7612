#include "core/ledger.h"

#include <string.h>

#include "core/app.h"
#include "core/ledger_sql.h"
#include "core/merkle.h"
#include "core/principal.h"

static bool plain_name(str s, bool slash)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
			  (slash && c == '/');
		if (!ok)
			return false;
	}
	return s.n > 0 && s.n <= ID_SUBJECT_MAX;
}

static void put_number(struct buf *b, str before, int64_t v)
{
	buf_put(b, before);
	buf_i64(b, v);
}

static void put_text(struct buf *b, str before, str text)
{
	buf_put(b, before);
	buf_put(b, text);
}

str ledger_body(struct arena *a, const struct ledger_entry *e)
{
	if (!plain_name(e->kind, false) || !plain_name(e->subject, true) || !canon_valid(e->data))
		return (str){ 0 };
	/* The members in the order of their names; none of them needs escaping. ledger_verify relies on
	 * this to compare without parsing. */
	struct buf b = BUF(a);
	buf_reserve(&b, e->data.n + e->kind.n + e->subject.n + 160);
	put_number(&b, S("{\"actor\":\""), e->actor);
	put_number(&b, S("\",\"at\":"), e->at_ms);
	put_text(&b, S(",\"data\":"), e->data);
	put_text(&b, S(",\"kind\":\""), e->kind);
	put_number(&b, S("\",\"region\":"), e->region);
	put_number(&b, S(",\"seq\":"), e->seq);
	put_text(&b, S(",\"subject\":\""), e->subject);
	buf_put(&b, S("\",\"v\":1}"));
	return buf_str(&b);
}

static err take_head(struct ctx *cx, int64_t region, struct ledger_head_row *ret)
{
	const struct ledger_head_params which = { .region = region };
	err e = ledger_head(cx->c, cx->a, &which, ret);
	if (e != ERR_NOT_FOUND)
		return e;
	const struct ledger_begin_log_params begin = {
		.region = region,
		.origin = arena_printf(cx->a, "bihuan/%lld", (long long)region),
		.alg = str_of(hash_alg_name(cx->app->ledger_alg)),
		.frontier = { "", 0 },
	};
	TRY(ledger_begin_log(cx->c, &begin, NULL));
	return ledger_head(cx->c, cx->a, &which, ret);
}

err ledger_append(struct ctx *cx, int64_t region, const char *kind, str subject, str data, int64_t *ret_seq)
{
	struct ledger_head_row log;
	TRY(take_head(cx, region, &log));
	struct ledger_entry e = {
		.region = region, .seq = log.size, .at_ms = cx->now_ms, .actor = cx->who ? cx->who->account : 0,
		.kind = str_of(kind), .subject = subject, .data = data,
	};
	str body = ledger_body(cx->a, &e);
	if (str_is_null(body))
		return FAIL(&cx->fail, INTERNAL, "", NULL);
	enum hash_alg alg;
	struct merkle *m = NEW(cx->a, struct merkle);
	if (!hash_alg_parse(log.alg, &alg) || !merkle_load(m, log.size, log.frontier))
		return FAIL(&cx->fail, CORRUPT, "", NULL);
	AUTO(hasher_drop) struct hasher *h = hasher_new(alg);
	unsigned char leaf[HASH_SIZE];
	merkle_leaf(h, body, leaf);
	merkle_append(m, h, leaf);
	const struct ledger_insert_params ins = {
		.region = region, .seq = e.seq, .at_ms = e.at_ms, .actor = e.actor, .kind = e.kind,
		.subject = subject, .body = body, .leaf = { (const char *)leaf, HASH_SIZE },
	};
	TRY(ledger_insert(cx->c, &ins, NULL));
	const struct ledger_move_params move = { .region = region, .at_ms = e.at_ms, .frontier = merkle_frontier(m) };
	TRY(ledger_move(cx->c, &move, NULL));
	if (ret_seq)
		*ret_seq = e.seq;
	return ERR_OK;
}

str ledger_subject(const struct ctx *cx, const char *kind, int64_t id)
{
	return arena_printf(cx->a, "%s/%lld", kind, (long long)id);
}

str commitment(struct arena *a, str salt, str value)
{
	unsigned char mac[HASH_SIZE];
	hmac_sha256(salt, value, mac);
	return hex_encode(a, (str){ (const char *)mac, HASH_SIZE });
}
