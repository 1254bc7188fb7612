/* Sectors by the weight of their words. */
#include "decide/extract_parts.h"

enum { SECTORS_MAX = 4 };
static const double enough = 0.7, faint = 0.45;

/* At most so many sectors speak at once; further ones are not counted. */
enum { TALLY_MAX = 16 };
struct tally {
	size_t n;
	struct sector_ref v[TALLY_MAX];
};

static struct sector_ref *tally_of(const struct doc *d, struct tally *t, const struct hit *h)
{
	const struct sector_entry *s = &d->lx->sectors[hit_term(d, h)->sector];
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].sector == s)
			return &t->v[i];
	if (t->n == TALLY_MAX)
		return NULL;
	t->v[t->n] = (struct sector_ref){ s, plain_cue(d, h->start, h->end), 0 };
	return &t->v[t->n++];
}

static bool count_range(struct doc *d, uint32_t start, uint32_t end, struct tally *t)
{
	struct hits *h = &d->hits[POOL_SECTOR];
	bool any = false;
	for (size_t i = hits_from(h, start); i < h->n && h->v[i].start < end; i++) {
		if (h->v[i].end > end)
			continue;
		if (hit_term(d, &h->v[i])->weight <= 0)
			continue;
		struct sector_ref *r = tally_of(d, t, &h->v[i]);
		if (r)
			r->weight += hit_term(d, &h->v[i])->weight;
		any = true;
	}
	return any;
}

static void take_strongest(struct doc *d, struct tally *t, struct sector_refs *ret)
{
	while (ret->n < SECTORS_MAX && t->n) {
		size_t best = 0;
		for (size_t i = 1; i < t->n; i++)
			if (t->v[i].weight > t->v[best].weight)
				best = i;
		double w = t->v[best].weight;
		if (w < faint || (ret->n && w < enough))
			return;
		vec_push_few(d->a, ret, t->v[best]);
		t->v[best].weight = 0;
	}
}

/* The directive's own words; else those of its paragraph, its heading, the title. */
void sectors_find(struct doc *d, const struct sentence *s, uint32_t start, uint32_t end, struct sector_refs *ret)
{
	struct tally t = { .n = 0 };
	bool any = count_range(d, start, end, &t);
	if (!any)
		any = count_range(d, d->lines.v[s->line].start, d->lines.v[s->line].end, &t);
	enum { BACK = 12 };
	for (uint32_t l = s->line, n = 0; !any && l-- > 0 && n < BACK; n++)
		if (d->lines.v[l].flags & LINE_HEADING)
			any = count_range(d, d->lines.v[l].start, d->lines.v[l].end, &t);
	for (uint32_t l = 0; !any && l < d->lines.n && l < 3; l++)
		any = count_range(d, d->lines.v[l].start, d->lines.v[l].end, &t);
	if (any)
		take_strongest(d, &t, ret);
}
