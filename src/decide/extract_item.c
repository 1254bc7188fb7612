/* Items in running text (一是…。二是…。): problems told one by one, and slogans in front of what they mean. */
#include "decide/extract_parts.h"

/* 二是… */
static bool is_item(const struct doc *d, const struct sentence *s)
{
	bool numeral = s->start + 2 < s->end && d->p.c[s->start + 1] == 0x662F;
	return numeral && term_at(d, s->start, s->end, MARK_CONJ);
}

static bool tells_problems(struct doc *d, const struct sentence *s)
{
	struct hits *h = &d->hits[POOL_RULE];
	for (size_t i = hits_from(h, s->start); i < h->n && h->v[i].start < s->end; i++)
		if (h->v[i].mark == MARK_PROBLEMS)
			return true;
	return false;
}

/* 主要问题有：一是…。二是…。: what is wrong, item by item, in the line or one a line. */
bool item_tells_problem(struct doc *d, uint32_t *line, const struct sentence *s)
{
	bool goes_on = *line && s->line + 1 - *line <= 1 && is_item(d, s);
	if (goes_on || (d->report && tells_problems(d, s)))
		*line = s->line + 1;
	return goes_on;
}

/* 四是保障再强化。 in front of what it means. */
bool item_is_slogan(const struct doc *d, const struct sentence *s, const struct line *l)
{
	enum { SLOGAN_MAX = 12, TAIL = 4 };
	uint32_t n = s->end - s->start;
	if (!is_item(d, s) || n > SLOGAN_MAX || n < TAIL + 2 || s->end >= l->end || plain_find(d, s->start, s->end, ",") < s->end)
		return false;
	return d->p.c[s->end - TAIL] == 0x518D || d->p.c[s->end - TAIL] == 0x66F4; /* 再, 更 */
}
