#include "core/evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/app.h"
#include "core/grant.h"
#include "core/ledger.h"
#include "sys/file.h"

enum { PATH_SIZE = 4096, CLOCK_SKEW_MS = 5 * 60 * 1000 };

const char *evidence_type(str bytes)
{
	static const struct {
		size_t at;
		str magic;
		const char *type;
	} types[] = {
		{ 0, S("\xff\xd8\xff"), "image/jpeg" },
		{ 0, S("\x89PNG\r\n\x1a\n"), "image/png" },
		{ 8, S("WEBP"), "image/webp" },
		{ 4, S("ftypheic"), "image/heic" },
		{ 0, S("GIF8"), "image/gif" },
		{ 0, S("%PDF-"), "application/pdf" },
		{ 4, S("ftyp"), "video/mp4" },
		{ 0, S("PK\x03\x04"), "application/zip" },
	};
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (str_starts(str_sub(bytes, types[i].at, bytes.n), types[i].magic))
			return types[i].type;
	return "application/octet-stream";
}

/* ---- the bytes ---- */

static err io_fail(struct fail *f, const char *path)
{
	err code = errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? ERR_DISK_FULL : ERR_IO;
	return fail_set(f, code, __FILE__, __LINE__, "", code == ERR_DISK_FULL ? "err.disk_full" : "err.file", "path", path, "detail",
			strerror(errno), NULL);
}

static bool good_hash(str hash)
{
	for (size_t i = 0; i < hash.n; i++)
		if (!hash.p[i] || !strchr("0123456789abcdef", hash.p[i]))
			return false;
	return hash.n == 2 * HASH_SIZE;
}

static err path_of(const struct app *app, str hash, char path[static PATH_SIZE], char folder[static PATH_SIZE], struct fail *f)
{
	if (!good_hash(hash))
		return FAIL(f, INTERNAL, "", NULL);
	snprintf(folder, PATH_SIZE, "%s/files/%.2s", app->data_dir, hash.p);
	snprintf(path, PATH_SIZE, "%s/%.62s", folder, hash.p + 2);
	return ERR_OK;
}

static err sync_folder(const char *folder, struct fail *f)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	err e = ok ? ERR_OK : io_fail(f, folder);
	if (fd >= 0)
		close(fd);
	return e;
}

/* A folder that is new must itself survive a power cut. */
static err make_folder(const char *folder, struct fail *f)
{
	char parent[PATH_SIZE];
	if (mkdir(folder, 0750))
		return errno == EEXIST ? ERR_OK : io_fail(f, folder);
	snprintf(parent, sizeof parent, "%.*s", (int)(strrchr(folder, '/') - folder), folder);
	return sync_folder(parent, f);
}

static err put_in_place(const char *tmp, const char *path, const char *folder, struct fail *f)
{
	TRY(make_folder(folder, f));
	if (rename(tmp, path))
		return io_fail(f, path);
	return sync_folder(folder, f);
}

/* Somebody else may have put it there a moment ago, with the folder not synced yet. */
static bool kept_already(const char *path, const char *folder, struct fail *f, err *ret)
{
	if (access(path, F_OK))
		return false;
	*ret = sync_folder(folder, f);
	return true;
}

err evidence_store(const struct app *app, str bytes, str hash_hex, struct fail *f)
{
	char path[PATH_SIZE], folder[PATH_SIZE], tmp[PATH_SIZE];
	err kept;
	TRY(path_of(app, hash_hex, path, folder, f));
	if (kept_already(path, folder, f, &kept))
		return kept;
	snprintf(tmp, sizeof tmp, "%s/tmp/evidence-XXXXXX", app->data_dir);
	int fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0)
		return io_fail(f, tmp);
	err e = file_write_all(fd, bytes) && fsync(fd) == 0 ? ERR_OK : io_fail(f, tmp);
	close(fd);
	if (e == ERR_OK)
		e = put_in_place(tmp, path, folder, f);
	if (e != ERR_OK)
		unlink(tmp);
	return e;
}

err evidence_store_upload(const struct app *app, const struct upload *up, str hash_hex, struct fail *f)
{
	char path[PATH_SIZE], folder[PATH_SIZE];
	err kept;
	TRY(path_of(app, hash_hex, path, folder, f));
	if (kept_already(path, folder, f, &kept))
		return kept;
	int fd = open(up->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return io_fail(f, up->path);
	err e = fsync(fd) == 0 ? ERR_OK : io_fail(f, up->path);
	close(fd);
	return e == ERR_OK ? put_in_place(up->path, path, folder, f) : e;
}

err evidence_bytes(const struct app *app, struct arena *a, str hash_hex, str *ret, struct fail *f)
{
	char path[PATH_SIZE], folder[PATH_SIZE];
	TRY(path_of(app, hash_hex, path, folder, f));
	return file_read(a, path, EVIDENCE_READ_MAX, ret, f);
}

/* ---- the rows ---- */

static err note(struct ctx *cx, const struct evidence_new *in, int64_t id, int64_t *ret_seq)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_id(&c, "file", id);
	canon_str(&c, "hash", in->hash);
	canon_i64(&c, "size", in->size);
	canon_str(&c, "type", str_of(in->type));
	if (in->captured_ms != DB_NONE)
		canon_i64(&c, "captured_ms", in->captured_ms);
	return ledger_append(cx, in->region, "file.add", in->subject, canon_end(&c), ret_seq);
}

err evidence_add(struct ctx *cx, const struct evidence_new *in, int64_t *ret_id)
{
	int64_t id = new_id(cx), seq;
	if (in->captured_ms != DB_NONE && in->captured_ms > cx->now_ms + CLOCK_SKEW_MS)
		return FAIL(&cx->fail, BAD_FIELD, "/captured_ms", "err.captured_later");
	TRY(note(cx, in, id, &seq));
	TRY(evidence_insert(cx->c, &(struct evidence_insert_params){
		.region = in->region, .id = id, .subject = in->subject, .hash = in->hash, .name = in->name,
		.type = str_of(in->type), .size = in->size, .captured_ms = in->captured_ms, .received_ms = cx->now_ms,
		.lat = in->lat, .lon = in->lon, .account = cx_account(cx), .seq = seq }, NULL));
	if (in->photo)
		TRY(photo_put(cx, in->region, id, in->photo));
	else if (str_starts(str_of(in->type), S("image/")))
		TRY(photo_place(cx, in->region, id, in->hash));
	*ret_id = id;
	return ERR_OK;
}

err evidence_reply(struct req *rq, str hash, str name, const char *type)
{
	char path[PATH_SIZE], folder[PATH_SIZE];
	TRY(path_of(rq->cx.app, hash, path, folder, &rq->cx.fail));
	if (access(path, R_OK))
		return FAIL(&rq->cx.fail, IO, "", "err.file", "path", arena_cstr(rq->a, name), "detail", strerror(errno));
	rq->etag = arena_printf(rq->a, "\"" STR_FMT "\"", STR_ARG(hash));
	return reply_file(rq, type, name, arena_cstr(rq->a, str_of(path)), false);
}

static err visit_visible(struct ctx *cx, int64_t visit, const struct db_scope *scope)
{
	struct evidence_visit_visible_row seen;
	struct evidence_visit_own_row own;
	err e = evidence_visit_visible(cx->c, cx->a, &(struct evidence_visit_visible_params){ visit }, scope, &seen);
	if (e != ERR_NOT_FOUND)
		return e;
	return evidence_visit_own(cx->c, cx->a, &(struct evidence_visit_own_params){ visit, cx_account(cx) }, &own);
}

/* A file is seen by whoever sees what it belongs to: a matter, or a visit. */
static err subject_visible(struct ctx *cx, str subject)
{
	struct evidence_matter_visible_row seen;
	struct db_scope scope = cx_scope(cx, S("matter.read"));
	int64_t id;
	str kind;
	if (!id_subject_parse(subject, &kind, &id))
		return ERR_NOT_FOUND;
	if (str_eq(kind, S("visit")))
		return visit_visible(cx, id, &scope);
	if (!str_eq(kind, S("matter")))
		return ERR_NOT_FOUND;
	return evidence_matter_visible(cx->c, cx->a, &(struct evidence_matter_visible_params){ id }, &scope, &seen);
}

static err file_get(struct req *rq)
{
	struct ctx *cx = &rq->cx;
	struct evidence_get_row row;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	err e = evidence_get(cx->c, cx->a, &(struct evidence_get_params){ id }, &row);
	if (e == ERR_OK)
		e = subject_visible(cx, row.subject);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, NOT_FOUND, "", NULL);
	TRY(e);
	return evidence_reply(rq, row.hash, row.name, arena_cstr(rq->a, row.type));
}

const struct route evidence_routes[] = {
	{ "GET", "/api/files/{id}", file_get, READ, "matter.read", NULL, NULL, "A file as it was received", NULL },
	{ 0 },
};
