/* The door for pages that were offline. What a page made comes in as items with an id of the page's own (a
 * UUID); each is done once for an account, however often it is sent, and gets an answer:
 *
 *   done       it was done now
 *   duplicate  it was done before; the answer is that of then
 *   conflict   it was kept, but something else counts: a later answer to the same item; a version that has
 * moved on refused    a rule forbids it for good; the body is kept with the receipt, so nothing that was
 * written is lost waiting    it cannot be done yet (its visit or a photo has not come in): to be sent again,
 * no receipt is written
 *
 * Items are done in the order given, each on its own: one that is refused takes nothing else with it.
 * Findings are never dropped: after the record was made they are taken as late ones, and one that a rule
 * forbids stays in the receipts. Photos come by /api/visits/{id}/files, before or after what they belong to.
 */
#ifndef BH_LOOP_INSPECT_SYNC_H
#define BH_LOOP_INSPECT_SYNC_H

#include "http/http.h"
#include "loop/inspect_door.h"

#define SYNC_KINDS "visit|start|answer|finding|record|sign|refuse|close|note"

#define SYNC_ITEM(F, O, L)                                                                                   \
	F(STR, client_id, REQ, .min = 8, .max = CLIENT_ID_MAX)                                               \
	F(ENUM, kind, REQ, .options = SYNC_KINDS)                                                            \
	F(I64, base_ver, OPT, .min = 0)                                                                      \
	F(I64, made_ms, OPT, .min = 1)                                                                       \
	F(RAW, body, REQ, .max = 65536)
JSON_STRUCT(sync_item_in, SYNC_ITEM)

#define SYNC_RESULT(F, O, L)                                                                                 \
	F(STR, client_id, REQ)                                                                               \
	F(ENUM, outcome, REQ, .options = "done|duplicate|conflict|refused|waiting")                          \
	F(STR, was, NUL)                                                                                     \
	F(ID, visit, NUL)                                                                                    \
	F(ID, id, NUL)                                                                                       \
	F(STR, state, NUL)                                                                                   \
	F(I64, ver, NUL)                                                                                     \
	F(STR, code, NUL)                                                                                    \
	F(STR, key, NUL)                                                                                     \
	F(STR, detail, NUL, .max = 1000)                                                                     \
	F(STR, pointer, NUL)
JSON_STRUCT(sync_result, SYNC_RESULT)

/* Does one item inside the caller's write transaction. Fails only where the whole request must (the store).
 */
err sync_one(struct ctx *cx, str device, const struct sync_item_in *in, struct sync_result *ret) MUST_USE;

struct sync_photo {
	str client_id, device, visit, about; /* visit: id or UUID */
	str hash, name, type;
	int64_t size, captured_ms; /* captured_ms DB_NONE: not said */
	double lat, lon;
};
/* Keeps a photo's row; *ret_known: it was here already. ERR_CONFLICT: the id is that of other bytes. */
err sync_photo_put(struct ctx *cx, const struct sync_photo *in, bool *ret_known) MUST_USE;

#endif
