/* The same words over many matters. */
#include "base/utf8.h"
#include "core/app.h"
#include "core/i18n.h"
#include "loop/marks_parts.h"
#include "num/phash.h"

/* Letters of any script; blanks, signs and figures (of either width) are left out: dates and amounts are what a
 * pasted text is adapted by. */
static bool counts(uint32_t cp)
{
	if (cp < 0x80)
		return (cp | 32) >= 'a' && (cp | 32) <= 'z';
	bool sign = (cp >= 0x2000 && cp <= 0x206f) || (cp >= 0x3000 && cp <= 0x303f) || (cp >= 0xff00 && cp <= 0xff20) || cp == 0xb7;
	return !sign;
}

static uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* Charikar 2002: each run of three letters votes for the bits of its hash. */
uint64_t marks_simhash(str text, size_t *ret_letters)
{
	uint32_t last[3] = { 0 };
	int votes[64] = { 0 };
	size_t n = 0;
	uint64_t h = 0;
	for (size_t at = 0; at < text.n;) {
		uint32_t cp = utf8_next(text, &at);
		if (!counts(cp))
			continue;
		last[0] = last[1];
		last[1] = last[2];
		last[2] = cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
		if (++n < 3)
			continue;
		uint64_t g = mix(((uint64_t)last[0] << 42 | (uint64_t)last[1] << 21 | last[2]) + 0x9e3779b97f4a7c15u);
		for (int i = 0; i < 64; i++)
			votes[i] += g >> i & 1 ? 1 : -1;
	}
	for (int i = 0; i < 64; i++)
		h |= (uint64_t)(votes[i] > 0) << i;
	*ret_letters = n;
	return h;
}

err marks_note_text(struct ctx *cx, int64_t region, int64_t matter, int64_t seq, str text)
{
	size_t letters;
	uint64_t h = marks_simhash(text, &letters);
	if (!cx->app->marks || (double)letters < mark_param(cx->app->marks, MARK_P_PASTED_LETTERS))
		return ERR_OK;
	int64_t sim = (int64_t)h == DB_NONE ? DB_NONE + 1 : (int64_t)h;
	return mark_text_put(cx->c,
			     &(struct mark_text_put_params){ region, matter, seq, (int64_t)letters, sim, phash_band(h, 0),
							     phash_band(h, 1), phash_band(h, 2), phash_band(h, 3) },
			     NULL);
}

/* ---- looking ---- */

enum { LOOK_AT = 5000, SHOW_OTHERS = 1000 };

struct like {
	struct arena *a;
	uint64_t sim;
	int max, looked;
	VEC(int64_t) matters;
};

static void add_matter(struct like *l, int64_t matter)
{
	for (size_t i = 0; i < l->matters.n; i++)
		if (l->matters.v[i] == matter)
			return;
	if (l->matters.n < SHOW_OTHERS)
		vec_push(l->a, &l->matters, matter);
}

static err on_near(void *arg, const struct mark_text_near_row *r)
{
	struct like *l = arg;
	if (phash_distance((uint64_t)r->sim, l->sim) <= l->max)
		add_matter(l, r->matter);
	return ++l->looked < LOOK_AT ? ERR_OK : ERR_TOO_MANY; /* enough is known */
}

static err mark_text(struct marking *m, const struct mark_texts_row *t)
{
	struct ctx *cx = m->cx;
	struct like l = { .a = cx->a, .sim = (uint64_t)t->sim, .max = (int)mark_p(m, MARK_P_PASTED_DISTANCE) };
	struct mark_text_near_params p = { m->x->row.id, t->s0, t->s1, t->s2, t->s3 };
	err e = mark_text_near(cx->c, &p, on_near, &l);
	if (e != ERR_OK && e != ERR_TOO_MANY)
		return e;
	if ((double)l.matters.n < mark_p(m, MARK_P_PASTED_MATTERS) || !mark_begin(m, MARK_PASTED))
		return ERR_OK;
	canon_i64(&m->values, "matters", (int64_t)l.matters.n);
	canon_i64(&m->values, "letters", t->letters);
	mark_end(m, MARK_PASTED, t->seq, 0, NULL,
		 i18n_say(cx->a, cx->lang, "mark.text_pasted", "n", mark_num(m, (double)l.matters.n), NULL));
	return ERR_OK;
}

err marks_texts(struct marking *m)
{
	struct mark_texts_rows rows;
	TRY(mark_texts(m->cx->c, m->cx->a, &(struct mark_texts_params){ m->x->row.region, m->x->row.id }, &rows));
	for (size_t i = 0; i < rows.n; i++)
		TRY(mark_text(m, &rows.v[i]));
	return ERR_OK;
}
