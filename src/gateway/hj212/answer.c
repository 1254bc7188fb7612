#include "gateway/hj212/answer.h"

#include <stdio.h>

#include "base/clock.h"

static const char *const dialects[] = { "2005", "2017", "2025" };

const char *hj212_dialect_name(enum hj212_dialect d)
{
	return dialects[d];
}

bool hj212_dialect_of(str name, enum hj212_dialect *ret)
{
	for (int i = 0; i < HJ212_DIALECTS; i++)
		if (str_eq(name, str_of(dialects[i]))) {
			*ret = (enum hj212_dialect)i;
			return true;
		}
	return false;
}

enum hj212_dialect hj212_spoken(const struct hj212_words *w, const struct hj212_head *h)
{
	return w->versions[hj212_version(h) % HJ212_VERSIONS];
}

static bool is_cn(const struct hj212_head *h, const char *cn)
{
	return str_eq(h->cn, str_of(cn));
}

/* ---- answers ---- */

/* Bit A of the flag. Without a flag (2005) nobody said that an answer is wanted. */
static bool wanted(const struct hj212_head *h, enum hj212_answers policy)
{
	if (policy != HJ212_AS_ASKED)
		return policy == HJ212_ALWAYS;
	return h->flag > 0 && (h->flag & 1);
}

static void put_head(struct buf *b, str qn, str st, str cn, str pw, str mn, int flag)
{
	if (qn.n)
		buf_printf(b, "QN=" STR_FMT ";", STR_ARG(qn));
	buf_printf(b, "ST=" STR_FMT ";CN=" STR_FMT ";PW=" STR_FMT ";MN=" STR_FMT ";Flag=%d;CP=&&", STR_ARG(st), STR_ARG(cn), STR_ARG(pw),
		   STR_ARG(mn), flag);
}

str hj212_answer(const struct hj212_words *w, struct arena *a, const struct hj212_head *h, enum hj212_answers policy)
{
	const struct hj212_word *word = hj212_word(w, h->cn);
	enum hj212_dialect d = hj212_spoken(w, h);
	struct buf b = BUF(a);
	if (!word->answer[0] || !wanted(h, policy))
		return S("");
	put_head(&b, d == HJ212_2005 ? S("") : h->qn, S("91"), str_of(word->answer), h->pw, h->mn, (int)d << 2);
	if (d == HJ212_2005 && h->qn.n)
		buf_printf(&b, "QN=" STR_FMT, STR_ARG(h->qn));
	buf_put(&b, S("&&"));
	return buf_str(&b);
}

str hj212_command(struct arena *a, const struct hj212_command *c)
{
	struct buf b = BUF(a);
	put_head(&b, c->qn, c->st, c->cn, c->pw, c->mn, c->dialect == HJ212_2005 ? 3 : (int)c->dialect << 2 | 1);
	buf_put(&b, c->body);
	buf_put(&b, S("&&"));
	return buf_str(&b);
}

str hj212_qn(struct arena *a, int64_t ms)
{
	char date[11];
	int64_t day = china_day(ms), rest = ms + 8 * 3600000 - day * 86400000;
	date_format(day, date);
	return arena_printf(a, "%.4s%.2s%.2s%02d%02d%02d%03d", date, date + 5, date + 8, (int)(rest / 3600000), (int)(rest / 60000 % 60),
			    (int)(rest / 1000 % 60), (int)(rest % 1000));
}

str hj212_value(str cp, str name)
{
	struct hj212_pair p = { 0 };
	while (hj212_pair(&cp, &p))
		if (str_eq(p.name, name))
			return p.value;
	return (str){ NULL, 0 };
}

/* ---- commands ---- */

enum hj212_progress hj212_progress(enum hj212_progress before, const struct hj212_head *reply)
{
	if (before != HJ212_WAITING && before != HJ212_ACCEPTED)
		return before;
	if (is_cn(reply, "9011"))
		return str_eq(hj212_value(reply->cp, S("QnRtn")), S("1")) ? HJ212_ACCEPTED : HJ212_REFUSED;
	if (is_cn(reply, "9012"))
		return str_eq(hj212_value(reply->cp, S("ExeRtn")), S("1")) ? HJ212_DONE : HJ212_FAILED;
	if (is_cn(reply, "9013"))
		return HJ212_DONE; /* of a notice: nothing more follows */
	return before;
}
