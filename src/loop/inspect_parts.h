/* What the files of inspection share among themselves. */
#ifndef BH_LOOP_INSPECT_PARTS_H
#define BH_LOOP_INSPECT_PARTS_H

#include "core/canon.h"
#include "loop/checklist.h"
#include "loop/inspect.h"

/* The key of a refusal that another try may mend: a photo is still on its way. */
#define INSPECT_PHOTO_MISSING "err.inspect.photo_missing"
#define INSPECT_NOT_YET "err.inspect.not_yet"

/* The account may inspect there (inspect.do); else ERR_BAD_FIELD at `pointer`. */
err inspect_account_check(struct ctx *cx, int64_t account, const struct access_row *row,
			  const char *pointer) MUST_USE;
err inspect_stale(struct ctx *cx, int64_t ver, str state) MUST_USE;
/* The object as it is, for rules; ERR_BAD_FIELD at `pointer` when the caller does not see it. */
err inspect_object(struct ctx *cx, int64_t id, const char *pointer,
		   struct inspect_objects_named_row *ret) MUST_USE;
/* What a device says about time and place, checked: a capture later than now is refused. */
err inspect_at(struct ctx *cx, const struct visit_at *in, struct visit_at *ret) MUST_USE;
err inspect_text(struct ctx *cx, str s, size_t max, const char *pointer) MUST_USE;
/* A visit of the caller's own: they are one of its inspectors. */
err inspect_own(struct ctx *cx, int64_t id, struct visit *ret) MUST_USE;
/* ERR_GUARD unless the visit is in one of these states (NULL-ended). */
err inspect_state(struct ctx *cx, const struct visit *v, const char *const *states) MUST_USE;
err inspect_event(struct ctx *cx, const struct visit *v, const char *kind, struct canon *c) MUST_USE;
err inspect_note_put(struct ctx *cx, const struct visit *v, str text) MUST_USE;

/* {"items":[…]} */
str inspect_items_text(struct arena *a, struct json_strs items);
/* The checklist of a visit, cut to its items; n 0 when there is none for the object. */
err inspect_list(struct ctx *cx, const struct visit *v, struct checklist *ret) MUST_USE;

/* Everything that was handed in for a visit. */
struct inspect_given {
	struct checklist list;
	struct visit_answers_rows answers;
	const struct visit_answers_row **last; /* the answer that counts, one an item */
	size_t nlast;
	struct visit_findings_rows findings;
	struct visit_files_rows files;
};
err inspect_given(struct ctx *cx, const struct visit *v, struct inspect_given *ret) MUST_USE;
/* The answers that count against the checklist: what is shown, what is a finding. With `complete` everything
 * shown is answered and findings have their photos. */
err inspect_look(struct ctx *cx, const struct inspect_given *g, bool complete,
		 struct check_result *ret) MUST_USE;
/* Makes a photo of a visit evidence of a matter as well. */
err inspect_file_to_matter(struct ctx *cx, int64_t region, const struct visit_files_row *p,
			   int64_t matter) MUST_USE;
size_t inspect_photos(const struct inspect_given *g, str item);

#endif
