/* Sectors by the weight of their words. */
#include <string.h>

#include "decide/extract_parts.h"

enum { SECTORS_MAX = 4 };
static const double enough = 0.7, faint = 0.45;

struct tally {
	double weight[63];
	struct cue cue[63];
};

static bool count_range(struct doc *d, uint32_t start, uint32_t end, struct tally *t)
{
	struct hits *h = &d->hits[POOL_SECTOR];
	bool any = false;
	for (size_t i = hits_from(h, start); i < h->n && h->v[i].start < end; i++) {
		if (h->v[i].end > end)
			continue;
		const struct lexeme *w = h->v[i].term;
		if (w->sector >= 63)
			continue;
		if (t->weight[w->sector] == 0)
			t->cue[w->sector] = plain_cue(d, h->v[i].start, h->v[i].end);
		t->weight[w->sector] += w->weight;
		any = true;
	}
	return any;
}

static void take_strongest(struct doc *d, struct tally *t, struct sector_refs *ret)
{
	while (ret->n < SECTORS_MAX) {
		size_t best = 0;
		for (size_t i = 1; i < d->lx->nsectors && i < 63; i++)
			if (t->weight[i] > t->weight[best])
				best = i;
		double w = t->weight[best];
		if (w < faint || (ret->n && w < enough))
			return;
		vec_push(d->a, ret, (struct sector_ref){ &d->lx->sectors[best], t->cue[best], w });
		t->weight[best] = 0;
	}
}

/* The directive's own words; else those of its paragraph, its heading, the title. */
void sectors_find(struct doc *d, const struct sentence *s, uint32_t start, uint32_t end, struct sector_refs *ret)
{
	struct tally t;
	memset(&t, 0, sizeof t);
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
