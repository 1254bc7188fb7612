/* The steps in order; each file of the engine is one of them. */
#include "decide/extract_parts.h"

err extract(struct arena *a, const struct lexicon *lx, str text, int64_t reference_day, struct extraction *ret)
{
	if (text.n > EXTRACT_MAX_BYTES)
		return ERR_TOO_LARGE;
	struct extraction *x = NEW(a, struct extraction);
	struct doc *d = NEW(a, struct doc);
	d->a = a;
	d->lx = lx;
	d->x = x;
	plain_make(d, text);
	doc_match(d);
	doc_segment(d);
	doc_clutter(d);
	doc_meta(d);
	d->has_ref = reference_day != INT64_MIN || x->has_date;
	d->ref_day = reference_day != INT64_MIN ? reference_day : x->date_day;
	doc_notes(d);
	doc_directives(d);
	*ret = *x;
	return ERR_OK;
}
