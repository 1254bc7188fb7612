/* Photos that wait for their report: files data_dir/tmp/public-<until ms>-<SHA-256 of the token>. No row is written for somebody
 * without an account; what is not claimed in time goes away by its name. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/app.h"
#include "core/evidence.h"
#include "loop/public.h"
#include "sys/file.h"

enum { TOKEN_SIZE = 16, HOUR_MS = 3600 * 1000, MIB = 1 << 20, TOKEN_TEXT = 64 };

static double param(const struct ctx *cx, enum report_param p)
{
	return cx->app->reports->params[p];
}

static const char *folder(struct ctx *cx)
{
	return arena_printf(cx->a, "%s/tmp", cx->app->data_dir).p;
}

/* "public-1793581200000-<64 hex>"; false for other files. */
static bool until_of(str name, int64_t *ret)
{
	str rest = name, word;
	return str_cut(&rest, '-', &word) && str_eq(word, S("public")) && str_cut(&rest, '-', &word) && str_to_i64(word, ret);
}

/* Removes what is over; how many bytes wait still. */
static int64_t sweep(struct ctx *cx)
{
	const char *dir = folder(cx);
	DIR *d = opendir(dir);
	int64_t waiting = 0, until;
	for (struct dirent *e; d && (e = readdir(d));) {
		struct stat st;
		if (!until_of(str_of(e->d_name), &until))
			continue;
		const char *path = arena_printf(cx->a, "%s/%s", dir, e->d_name).p;
		if (until <= cx->now_ms)
			unlink(path);
		else if (stat(path, &st) == 0)
			waiting += st.st_size;
	}
	if (d)
		closedir(d);
	return waiting;
}

static const char *path_of(struct ctx *cx, int64_t until_ms, str token)
{
	unsigned char hash[HASH_SIZE];
	hash_bytes(HASH_SHA256, token, hash);
	str hex = hex_encode(cx->a, (str){ (const char *)hash, sizeof hash });
	return arena_printf(cx->a, "%s/public-%lld-" STR_FMT, folder(cx), (long long)until_ms, STR_ARG(hex)).p;
}

static err check_photo(struct ctx *cx, const struct upload *up)
{
	str bytes;
	AUTO(arena_drop) struct arena *scratch = arena_new();
	int64_t max = (int64_t)param(cx, REPORT_P_PHOTO_MIB) * MIB;
	if (up->size > max)
		return FAIL(&cx->fail, TOO_LARGE, "", "err.too_large_max", "mib", arena_printf(cx->a, "%lld", (long long)(max / MIB)).p);
	TRY(file_read(scratch, up->path, (size_t)max, &bytes, &cx->fail));
	struct photo p = photo_of(scratch, bytes);
	return photo_demand(&p, "", &cx->fail);
}

err public_photo_keep(struct ctx *cx, const struct upload *up, str *ret_token, int64_t *ret_until_ms)
{
	unsigned char bytes[TOKEN_SIZE];
	int64_t until = cx->now_ms + (int64_t)(param(cx, REPORT_P_PHOTO_HOURS) * HOUR_MS);
	TRY(check_photo(cx, up));
	if (sweep(cx) + up->size > (int64_t)param(cx, REPORT_P_WAITING_MIB) * MIB)
		return FAIL(&cx->fail, BUSY, "", NULL);
	random_bytes(bytes, sizeof bytes);
	str random = base64url_encode(cx->a, (str){ (const char *)bytes, sizeof bytes });
	str token = arena_printf(cx->a, "%lld." STR_FMT, (long long)until, STR_ARG(random));
	const char *path = path_of(cx, until, token);
	if (rename(up->path, path))
		return FAIL(&cx->fail, IO, "", "err.io", "why", strerror(errno));
	*ret_token = token;
	*ret_until_ms = until;
	return ERR_OK;
}

err public_photo_find(struct ctx *cx, str token, size_t i, struct waiting_photo *ret)
{
	str rest = token, number;
	unsigned char hash[HASH_SIZE];
	int64_t until = 0;
	struct fail ignored = { 0 };
	const char *pointer = arena_printf(cx->a, "/photos/%zu", i).p;
	bool whole = token.n < TOKEN_TEXT && str_cut(&rest, '.', &number) && str_to_i64(number, &until) && until > cx->now_ms;
	struct waiting_photo p = { .path = whole ? path_of(cx, until, token) : "" };
	if (!whole || file_read(cx->a, p.path, (size_t)param(cx, REPORT_P_PHOTO_MIB) * MIB, &p.bytes, &ignored) != ERR_OK)
		return FAIL(&cx->fail, BAD_FIELD, pointer, "err.report.photo_gone");
	hash_bytes(HASH_SHA256, p.bytes, hash);
	p.hash = hex_encode(cx->a, (str){ (const char *)hash, sizeof hash });
	p.type = evidence_type(p.bytes);
	p.photo = photo_of(cx->a, p.bytes);
	*ret = p;
	return photo_demand(&p.photo, pointer, &cx->fail);
}

void public_photo_drop(const struct waiting_photo *p)
{
	unlink(p->path);
}
