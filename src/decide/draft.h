/* Drafts of tasks: what a directive proposes, and what a person made of it. */
#ifndef BH_DECIDE_DRAFT_H
#define BH_DECIDE_DRAFT_H

#include "decide/document.h"

/* Keeps one directive as a draft; gives the mask of its sectors. */
err draft_keep(struct ctx *cx, int64_t region, int64_t document, const struct directive *d, int64_t *ret_sectors) MUST_USE;
/* The drafts of a document in the order of the text. */
err drafts_of(struct ctx *cx, int64_t region, int64_t document, struct draft_out **ret, size_t *ret_n) MUST_USE;
/* One page of documents, newest first; before_ms DB_NONE = from the start. */
err document_page(struct ctx *cx, str q, int64_t before_ms, int64_t before_id, int64_t max, struct document_item **ret,
		  size_t *ret_n) MUST_USE;

#endif
