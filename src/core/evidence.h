/* Evidence: bytes under data_dir/files by their SHA-256, rows that say whose they are. When a thing was
 * captured (as the sender says) and when it arrived are kept apart; the latter never changes. */
#ifndef BH_CORE_EVIDENCE_H
#define BH_CORE_EVIDENCE_H

#include "core/evidence_sql.h"
#include "core/photo.h"
#include "http/http.h"

/* The content type by the first bytes; "application/octet-stream" for what is not known. Never HTML or
 * anything a browser would run. */
const char *evidence_type(str bytes);

/* Keeps the bytes; does nothing when they are kept already. Outside of any transaction: written to a
 * temporary name, synced, renamed, the folder synced. DISK_FULL, IO. */
err evidence_store(const struct app *app, str bytes, str hash_hex, struct fail *f) MUST_USE;
/* The same for a file that was uploaded to data_dir/tmp. */
err evidence_store_upload(const struct app *app, const struct upload *up, str hash_hex, struct fail *f) MUST_USE;
/* The kept bytes, at most EVIDENCE_READ_MAX of them. IO. */
enum { EVIDENCE_READ_MAX = 64 << 20 };
err evidence_bytes(const struct app *app, struct arena *a, str hash_hex, str *ret, struct fail *f) MUST_USE;

struct evidence_new {
	int64_t region;
	str subject;           /* "matter/123" */
	str hash, name;
	const char *type;
	int64_t size;
	int64_t captured_ms;   /* DB_NONE: not said. Later than now is refused. */
	double lat, lon;       /* where, as the sender says; NaN: not said */
	const struct photo *photo; /* photo_read() of it; NULL: see photo_place() */
};
/* Writes the row and its event inside the caller's transaction. */
err evidence_add(struct ctx *cx, const struct evidence_new *in, int64_t *ret_id) MUST_USE;

/* Answers with the bytes as a download. */
err evidence_reply(struct req *rq, str hash, str name, const char *type) MUST_USE;

#endif
