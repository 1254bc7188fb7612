#include "core/photo.h"

#include <math.h>
#include <stdio.h>

#include "core/app.h"
#include "core/evidence.h"
#include "core/grant.h"
#include "core/photo_sql.h"
#include "format/exif.h"
#include "format/image.h"
#include "num/phash.h"
#include "sys/file.h"

/* Grey values that differ less than this (standard deviation) make no picture that could be told from another. */
static const double DETAIL_MIN = 4;
/* A thumbnail is compared when its proportions are the picture's, within so much. */
static const double SHAPE_TOLERANCE = 0.03;

static double shape(const struct image_info *i)
{
	return (double)i->width / i->height;
}

static int64_t thumb_distance(struct arena *a, str thumb, const struct image_info *main, uint64_t phash)
{
	struct image_info info;
	struct fail ignored = { 0 };
	float *px;
	double detail;
	if (!thumb.n || image_info(thumb, &info, &ignored) != ERR_OK || fabs(shape(&info) / shape(main) - 1) > SHAPE_TOLERANCE)
		return DB_NONE;
	if (image_grey(a, thumb, PHASH_SIDE, 1, &px, &ignored) != ERR_OK)
		return DB_NONE;
	uint64_t h = phash_of(px, &detail);
	return detail < DETAIL_MIN ? DB_NONE : phash_distance(h, phash);
}

static void decode(struct arena *a, str bytes, const struct exif *x, struct photo *p)
{
	struct image_info info;
	float *px, *flat;
	double detail;
	err e = image_info(bytes, &info, &p->why);
	if (e == ERR_OK) {
		p->width = info.width;
		p->height = info.height;
		e = image_grey(a, bytes, PHASH_SIDE, x->orientation, &px, &p->why);
	}
	if (e != ERR_OK) {
		p->state = e == ERR_UNSUPPORTED ? PHOTO_UNREAD : PHOTO_DAMAGED;
		return;
	}
	p->phash = phash_of(px, &detail);
	p->state = detail < DETAIL_MIN ? PHOTO_PLAIN : PHOTO_READ;
	/* The thumbnail is stored as the picture is: not turned. */
	if (p->state == PHOTO_READ && x->thumbnail.n && image_grey(a, bytes, PHASH_SIDE, 1, &flat, &p->why) == ERR_OK)
		p->thumb_distance = thumb_distance(a, x->thumbnail, &info, phash_of(flat, NULL));
}

struct photo photo_of(struct arena *a, str bytes)
{
	struct photo p = { .taken_ms = DB_NONE, .lat = NAN, .lon = NAN, .thumb_distance = DB_NONE, .device = S(""), .software = S("") };
	if (image_kind_of(bytes) == IMAGE_NONE) {
		(void)FAIL(&p.why, UNSUPPORTED, "", "err.image.none");
		return p;
	}
	struct exif x = exif_read(a, bytes);
	p.exif = x.present;
	p.zone_known = x.zone_known;
	p.taken_ms = x.taken_ms == INT64_MIN ? DB_NONE : x.taken_ms;
	p.lat = x.lat;
	p.lon = x.lon;
	p.device = str_trim(arena_printf(a, STR_FMT " " STR_FMT, STR_ARG(x.make), STR_ARG(x.model)));
	p.software = x.software;
	decode(a, bytes, &x, &p);
	return p;
}

err photo_read(const struct app *app, struct arena *a, str hash, struct photo *ret, struct fail *f)
{
	str bytes;
	AUTO(arena_drop) struct arena *scratch = arena_new();
	TRY(evidence_bytes(app, scratch, hash, &bytes, f));
	struct photo p = photo_of(scratch, bytes);
	p.device = arena_str(a, p.device);
	p.software = arena_str(a, p.software);
	*ret = p;
	return ERR_OK;
}

err photo_demand(const struct photo *p, const char *pointer, struct fail *f)
{
	if (p->state == PHOTO_READ || p->state == PHOTO_PLAIN)
		return ERR_OK;
	*f = p->why;
	snprintf(f->pointer, sizeof f->pointer, "%s", pointer);
	return p->why.code;
}

static bool named_photo(str name)
{
	static const str ends[] = { S(".jpg"), S(".jpeg"), S(".png"), S(".gif"), S(".webp"), S(".heic") };
	for (size_t i = 0; i < COUNT_OF(ends); i++)
		if (name.n > ends[i].n && str_eq_nocase(str_sub(name, name.n - ends[i].n, name.n), ends[i]))
			return true;
	return false;
}

err photo_of_upload(struct arena *a, const char *path, str name, struct photo *ret, const char **ret_type, struct fail *f)
{
	str bytes;
	AUTO(arena_drop) struct arena *scratch = arena_new();
	TRY(file_read(scratch, path, EVIDENCE_READ_MAX, &bytes, f));
	struct photo p = photo_of(scratch, bytes);
	if (p.state == PHOTO_DAMAGED || (p.state == PHOTO_NONE && named_photo(name)))
		return photo_demand(&p, "/file", f);
	p.device = arena_str(a, p.device);
	p.software = arena_str(a, p.software);
	*ret_type = evidence_type(bytes);
	*ret = p;
	return ERR_OK;
}

static const char *state_name(enum photo_state s)
{
	return s == PHOTO_READ ? "read" : s == PHOTO_PLAIN ? "plain" : s == PHOTO_UNREAD ? "unread" : "damaged";
}

/* 2^63 alone would read as absent; it stands for its neighbour. */
static int64_t stored_hash(const struct photo *p)
{
	return p->phash == (uint64_t)DB_NONE ? (int64_t)p->phash + 1 : (int64_t)p->phash;
}

static int64_t band(const struct photo *p, int i)
{
	return p->state == PHOTO_READ ? phash_band(p->phash, i) : DB_NONE;
}

err photo_put(struct ctx *cx, int64_t region, int64_t file, const struct photo *p)
{
	if (p->state == PHOTO_NONE)
		return ERR_OK;
	return photo_print_put(cx->c,
			       &(struct photo_print_put_params){
				   .region = region, .file = file, .state = str_of(state_name(p->state)),
				   .phash = p->state == PHOTO_READ ? stored_hash(p) : DB_NONE, .b0 = band(p, 0), .b1 = band(p, 1),
				   .b2 = band(p, 2), .b3 = band(p, 3), .width = p->width, .height = p->height, .exif = p->exif,
				   .taken_ms = p->taken_ms, .zone_known = p->zone_known, .lat = p->lat, .lon = p->lon,
				   .device = p->device, .software = p->software, .thumb_distance = p->thumb_distance,
				   .account = cx_account(cx) },
			       NULL);
}

err photo_hold(struct ctx *cx, str hash, const struct photo *p)
{
	if (p->state == PHOTO_NONE)
		return ERR_OK;
	return photo_hold_put(cx->c,
			      &(struct photo_hold_put_params){
				  .hash = hash, .at_ms = cx->now_ms, .state = str_of(state_name(p->state)),
				  .phash = p->state == PHOTO_READ ? stored_hash(p) : DB_NONE, .b0 = band(p, 0), .b1 = band(p, 1),
				  .b2 = band(p, 2), .b3 = band(p, 3), .width = p->width, .height = p->height, .exif = p->exif,
				  .taken_ms = p->taken_ms, .zone_known = p->zone_known, .lat = p->lat, .lon = p->lon,
				  .device = p->device, .software = p->software, .thumb_distance = p->thumb_distance },
			      NULL);
}

err photo_forget(struct ctx *cx, str hash)
{
	return photo_hold_drop(cx->c, &(struct photo_hold_drop_params){ hash }, NULL);
}

err photo_place(struct ctx *cx, int64_t region, int64_t file, str hash)
{
	struct photo_twin_row twin;
	int64_t placed;
	TRY(photo_print_from_hold(cx->c, &(struct photo_print_from_hold_params){ region, file, hash, cx_account(cx) }, &placed));
	if (placed)
		return photo_forget(cx, hash);
	err e = photo_twin(cx->c, cx->a, &(struct photo_twin_params){ hash, file }, &twin);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	return photo_print_from_twin(cx->c, &(struct photo_print_from_twin_params){ region, file, twin.region, twin.file, cx_account(cx) },
				     NULL);
}
