/* What the files of drafts share. */
#ifndef BH_DECIDE_DRAFT_PARTS_H
#define BH_DECIDE_DRAFT_PARTS_H

#include "core/app.h"
#include "decide/document_sql.h"
#include "decide/draft.h"

/* A draft with what is kept of it, for one that may change it. */
struct held {
	struct draft_get_row row;
	struct draft_fields f;
};

err draft_hold(struct ctx *cx, int64_t id, str perm, struct held *ret) MUST_USE;
/* ERR_STALE or ERR_GUARD unless the draft has this version and state. */
err draft_must_be(struct ctx *cx, const struct held *h, int64_t ver, const char *state) MUST_USE;
err draft_write_back(struct ctx *cx, const struct held *h, int64_t matter) MUST_USE;
/* The event of an act on a draft. */
err draft_note(struct ctx *cx, const char *kind, const struct held *h, int64_t matter, str reason) MUST_USE;
err draft_insert_row(struct ctx *cx, int64_t region, int64_t document, size_t start, size_t end, str text, str title,
		     double confidence, bool edited, const struct draft_fields *f, int64_t *ret_id) MUST_USE;
/* The document's text between two code points; refuses what lies outside or is empty. */
err draft_body_between(struct ctx *cx, int64_t document, size_t start, size_t end, struct document_get_row *ret_doc,
		       str *ret) MUST_USE;
/* What extraction reads out of a stretch alone, with offsets of the document. */
err draft_read_stretch(struct ctx *cx, const struct document_get_row *doc, size_t start, str text,
		       struct draft_fields *ret_f, str *ret_title) MUST_USE;
int64_t draft_mask_of(const struct ctx *cx, const struct draft_fields *f);

#endif
