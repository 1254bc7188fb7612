/* What the steps of a paper's life share. Of notice*.c only. */
#ifndef BH_LOOP_NOTICE_STEP_H
#define BH_LOOP_NOTICE_STEP_H

#include "core/canon.h"
#include "loop/notice.h"

/* The paper in one of the states (parted by blanks), for who issues it, in the version that the caller saw. */
err notice_take(struct ctx *cx, int64_t id, int64_t ver, const char *states, struct notice *ret) MUST_USE;
err notice_changed(struct ctx *cx, const struct notice *n, int64_t changed) MUST_USE;
/* An event of the paper: begun, filled by the caller, appended. */
void notice_note(struct canon *c, struct ctx *cx, const struct notice *n);
err notice_note_end(struct canon *c, struct ctx *cx, const struct notice *n, const char *kind) MUST_USE;
str notice_hash(struct ctx *cx, str bytes); /* SHA-256 in hex */
/* Eleven digits that begin with 13 to 19 are somebody's mobile phone. */
bool notice_has_mobile(str s);

#endif
