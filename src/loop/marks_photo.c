/* Marks of files: photos used before, older, edited, taken elsewhere, handed in late. */
#include <math.h>
#include <stdlib.h>

#include "core/i18n.h"
#include "core/id.h"
#include "core/ledger.h"
#include "geo/place.h"
#include "land/object.h"
#include "loop/marks_parts.h"
#include "num/phash.h"

enum { HOUR_MS = 3600 * 1000, LOOK_AT = 50000, BEST = 12, PHASH_FAR = 65 };

/* ---- an earlier file ---- */

/* What the same or a like picture was earlier. */
struct earlier {
	int64_t file, region, matter; /* matter 0: of something else (an inspection) */
	int distance, turn;
	str hash;
	bool own;                     /* of this very dossier */
	struct mark_other *shown;     /* NULL: beyond the reader's scope */
};

/* Is that use of it remarkable? The dossier's own photo is when it comes from another unit (the photo of the finding handed
 * in as proof) or from an earlier round. Citizens' photos are none of the reader's business. */
static bool remarkable(const struct marking *m, const struct mark_files_row *f, const struct mark_file_row *o, struct earlier *e)
{
	str kind;
	int64_t id;
	if (!id_subject_parse(o->subject, &kind, &id))
		return false;
	bool matter = str_eq(kind, S("matter")), visit = str_eq(kind, S("visit"));
	e->matter = matter ? id : 0;
	e->own = (matter && id == m->x->row.id) || (visit && id == m->x->row.visit);
	e->hash = o->hash;
	if (!matter && !visit)
		return false;
	if (!e->own)
		return true;
	bool other_unit = o->org != f->org && mark_rectifier(m, f->org);
	/* what the visit found is evidence from the matter's beginning on */
	int64_t before_ms = visit ? m->x->row.opened_ms : o->received_ms;
	return other_unit || (before_ms < m->x->row.round_ms && f->received_ms >= m->x->row.round_ms);
}

static err look_up(struct marking *m, const struct mark_files_row *f, struct earlier *e, bool *ret)
{
	struct ctx *cx = m->cx;
	struct mark_file_row o;
	struct mark_matter_seen_row seen;
	struct db_scope scope = cx_scope(cx, S("matter.read"));
	err found = mark_file(cx->c, cx->a, &(struct mark_file_params){ e->region, e->file }, &o);
	*ret = found == ERR_OK && remarkable(m, f, &o, e);
	if (found == ERR_NOT_FOUND || !*ret || !e->matter)
		return found == ERR_NOT_FOUND ? ERR_OK : found;
	found = mark_matter_seen(cx->c, cx->a, &(struct mark_matter_seen_params){ e->matter }, &scope, &seen);
	if (found != ERR_OK)
		return found == ERR_NOT_FOUND ? ERR_OK : found;
	e->shown = NEW(cx->a, struct mark_other);
	*e->shown = (struct mark_other){ seen.id, seen.no, seen.title, e->file, seen.region_name.p ? seen.region_name : S("") };
	return ERR_OK;
}

/* "matter 140109-2026-task-000004", "this matter", "an inspection", or no more than "another matter". */
static const char *place_words(struct marking *m, const struct earlier *e)
{
	struct ctx *cx = m->cx;
	if (e->own)
		return "@mark.in.same";
	if (!e->matter)
		return "@mark.in.visit";
	return e->shown ? i18n_say(cx->a, cx->lang, "mark.in.matter", "no", arena_cstr(cx->a, e->shown->no), NULL).p : "@mark.in.other";
}

static err mark_used(struct marking *m, const struct mark_files_row *f, bool *ret_found)
{
	struct mark_same_rows rows;
	TRY(mark_same(m->cx->c, m->cx->a, &(struct mark_same_params){ f->hash, f->id }, &rows));
	for (size_t i = 0; i < rows.n && !*ret_found; i++) {
		struct earlier e = { .file = rows.v[i].id, .region = rows.v[i].region };
		TRY(look_up(m, f, &e, ret_found));
		if (!*ret_found || !mark_begin(m, MARK_USED_BEFORE))
			continue;
		canon_i64(&m->values, "uses", (int64_t)rows.n);
		mark_end(m, MARK_USED_BEFORE, f->id, f->id, e.shown,
			 i18n_say(m->cx->a, m->cx->lang, "mark.used_before", "where", place_words(m, &e), "at",
				  mark_day(m, id_ms(e.file)), NULL));
	}
	return ERR_OK;
}

/* ---- pictures that look alike ---- */

struct near {
	uint64_t turned[PHASH_TURNS];
	int turns, looked;
	int max[PHASH_TURNS];         /* bits that may differ */
	struct earlier best[BEST];    /* by distance, then the earliest */
	size_t n;
};

static void keep_best(struct near *s, const struct earlier *e)
{
	size_t at = s->n;
	for (size_t i = 0; i < s->n; i++)
		if (s->best[i].file == e->file)
			return;
	while (at > 0 && (s->best[at - 1].distance > e->distance ||
			  (s->best[at - 1].distance == e->distance && s->best[at - 1].file > e->file)))
		at--;
	if (at == BEST)
		return;
	s->n += s->n < BEST;
	for (size_t i = s->n - 1; i > at; i--)
		s->best[i] = s->best[i - 1];
	s->best[at] = *e;
}

static err on_near(void *arg, const struct mark_near_row *r)
{
	struct near *s = arg;
	struct earlier e = { .file = r->file, .region = r->region, .distance = PHASH_FAR };
	for (int t = 0; t < s->turns; t++) {
		int d = phash_distance((uint64_t)r->phash, s->turned[t]);
		if (d <= s->max[t] && d < e.distance) {
			e.distance = d;
			e.turn = t;
		}
	}
	if (e.distance < PHASH_FAR)
		keep_best(s, &e);
	return ++s->looked < LOOK_AT ? ERR_OK : ERR_TOO_MANY;
}

static struct db_ids probes(struct arena *a, const struct near *s, int band)
{
	int64_t *v = NEW_N(a, int64_t, (size_t)s->turns * PHASH_PROBES_MAX);
	size_t n = 0;
	for (int t = 0; t < s->turns; t++)
		n += (size_t)phash_probes(phash_band(s->turned[t], band), phash_radius(s->max[t], band), v + n);
	return (struct db_ids){ v, n };
}

static err search_near(struct marking *m, const struct mark_files_row *f, struct near *s)
{
	struct arena *a = m->cx->a;
	s->turns = (int)mark_p(m, MARK_P_LOOKS_TURNS);
	for (int t = 0; t < s->turns; t++)
		s->turned[t] = phash_turned((uint64_t)f->phash, t);
	for (int t = 0; t < s->turns; t++)
		s->max[t] = (int)mark_p(m, t ? MARK_P_LOOKS_TURNED : MARK_P_LOOKS_DISTANCE);
	struct mark_near_params p = { f->id, probes(a, s, 0), probes(a, s, 1), probes(a, s, 2), probes(a, s, 3) };
	err e = mark_near(m->cx->c, &p, on_near, s);
	return e == ERR_TOO_MANY ? ERR_OK : e;
}

static err mark_like(struct marking *m, const struct mark_files_row *f)
{
	struct near *s = NEW(m->cx->a, struct near);
	bool found = false;
	if (f->phash == DB_NONE || !mark_rule(m->rules, MARK_LOOKS_LIKE)->on)
		return ERR_OK;
	TRY(search_near(m, f, s));
	for (size_t i = 0; i < s->n && !found; i++) {
		struct earlier *e = &s->best[i];
		TRY(look_up(m, f, e, &found));
		found = found && !str_eq(e->hash, f->hash);
		if (!found || !mark_begin(m, MARK_LOOKS_LIKE))
			continue;
		canon_i64(&m->values, "distance", e->distance);
		canon_i64(&m->values, "turn", e->turn);
		mark_end(m, MARK_LOOKS_LIKE, f->id, f->id, e->shown,
			 i18n_say(m->cx->a, m->cx->lang, e->turn ? "mark.looks_turned" : "mark.looks_like", "where",
				  place_words(m, e), "at", mark_day(m, id_ms(e->file)), "bits", mark_num(m, e->distance), NULL));
	}
	return ERR_OK;
}

/* ---- when and where ---- */

/* What a photo must not be older than, and what that was. */
static int64_t reference_ms(const struct marking *m, const char **ret_what)
{
	const struct matter_load_row *r = &m->x->row;
	int64_t ms = r->found_ms ? r->found_ms : r->opened_ms;
	*ret_what = r->found_ms ? "@mark.ref.found" : "@mark.ref.opened";
	if (r->round > 1) {
		ms = r->round_ms;
		*ret_what = "@mark.ref.round";
	}
	for (size_t i = 0; i < m->events.n; i++) {
		int act = mark_act(m, m->events.v[i].kind);
		if (act >= 0 && mark_word(m->rules, MARK_OLDER, m->x->wf->acts[act].id) && m->events.v[i].at_ms > ms) {
			ms = m->events.v[i].at_ms;
			*ret_what = "@mark.ref.order";
		}
	}
	return ms;
}

static void mark_older(struct marking *m, const struct mark_files_row *f, int64_t taken_ms)
{
	const char *what;
	int64_t ref = reference_ms(m, &what);
	/* what was handed in before that time proves the finding, not the fix */
	double hours = (double)(ref - taken_ms) / HOUR_MS;
	if (f->received_ms < ref || !mark_rectifier(m, f->org) || hours <= mark_p(m, MARK_P_OLDER_TOLERANCE) ||
	    !mark_begin(m, MARK_OLDER))
		return;
	canon_i64(&m->values, "taken_ms", taken_ms);
	canon_i64(&m->values, "reference_ms", ref);
	mark_end(m, MARK_OLDER, f->id, f->id, NULL,
		 i18n_say(m->cx->a, m->cx->lang, "mark.older", "taken", mark_day(m, taken_ms), "what", what, "at", mark_day(m, ref), NULL));
}

static void mark_late(struct marking *m, const struct mark_files_row *f, int64_t taken_ms)
{
	double hours = (double)(f->received_ms - taken_ms) / HOUR_MS;
	if (hours <= mark_p(m, MARK_P_LATE_DELAY) || !mark_begin(m, MARK_LATE))
		return;
	canon_i64(&m->values, "hours", (int64_t)hours);
	mark_end(m, MARK_LATE, f->id, f->id, NULL,
		 i18n_say(m->cx->a, m->cx->lang, "mark.late", "taken", mark_day(m, taken_ms), "days", mark_num(m, floor(hours / 24)), NULL));
}

/* Where the matter's object is, when the matter itself has no place. */
static bool object_place(struct marking *m, struct lonlat *ret)
{
	struct object o;
	if (!m->x->row.object || object_load(m->cx, m->x->row.object, &o) != ERR_OK || isnan(o.lat))
		return false;
	*ret = (struct lonlat){ o.lon, o.lat };
	return true;
}

static void mark_far(struct marking *m, const struct mark_files_row *f)
{
	const struct matter_load_row *r = &m->x->row;
	bool by_photo = !isnan(f->photo_lat);
	double lat = by_photo ? f->photo_lat : f->lat, lon = by_photo ? f->photo_lon : f->lon;
	struct lonlat here = { r->lon, r->lat };
	if (isnan(lat) || (isnan(r->lat) && !object_place(m, &here)))
		return;
	double d = distance_m(here, (struct lonlat){ lon, lat });
	if (d <= mark_p(m, MARK_P_FAR_DISTANCE) || !mark_begin(m, MARK_FAR))
		return;
	canon_i64(&m->values, "metres", (int64_t)d);
	mark_end(m, MARK_FAR, f->id, f->id, NULL,
		 i18n_say(m->cx->a, m->cx->lang, "mark.far", "metres", mark_num(m, round(d / 10) * 10), NULL));
}

/* ---- what wrote it ---- */

static void mark_edited(struct marking *m, const struct mark_files_row *f)
{
	struct ctx *cx = m->cx;
	bool program = f->software.n && mark_word(m->rules, MARK_EDITED, f->software);
	bool thumb = f->thumb_distance != DB_NONE && (double)f->thumb_distance > mark_p(m, MARK_P_EDITED_THUMBNAIL);
	if ((!program && !thumb) || !mark_begin(m, MARK_EDITED))
		return;
	if (thumb)
		canon_i64(&m->values, "thumbnail", f->thumb_distance);
	if (program)
		canon_str(&m->values, "software", f->software);
	mark_end(m, MARK_EDITED, f->id, f->id, NULL,
		 program ? i18n_say(cx->a, cx->lang, "mark.edited", "software", arena_cstr(cx->a, f->software), NULL)
			 : i18n_say(cx->a, cx->lang, "mark.thumbnail", "bits", mark_num(m, (double)f->thumb_distance), NULL));
}

static err mark_bare(struct marking *m, const struct mark_files_row *f)
{
	struct mark_habit_row habit;
	if (f->exif || !mark_rectifier(m, f->org))
		return ERR_OK;
	TRY(mark_habit(m->cx->c, m->cx->a, &(struct mark_habit_params){ f->account, f->id }, &habit));
	if (habit.n != habit.with_exif || (double)habit.n < mark_p(m, MARK_P_BARE_USUAL) || !mark_begin(m, MARK_BARE))
		return ERR_OK;
	canon_i64(&m->values, "usual", habit.with_exif);
	mark_end(m, MARK_BARE, f->id, f->id, NULL,
		 i18n_say(m->cx->a, m->cx->lang, "mark.bare", "n", mark_num(m, (double)habit.with_exif), NULL));
	return ERR_OK;
}

static void mark_unreadable(struct marking *m, const struct mark_files_row *f)
{
	if (str_eq(f->state, S("damaged")) && mark_begin(m, MARK_UNREADABLE))
		mark_end(m, MARK_UNREADABLE, f->id, f->id, NULL, i18n_say(m->cx->a, m->cx->lang, "mark.unreadable", NULL));
}

static err mark_photo(struct marking *m, const struct mark_files_row *f)
{
	bool used = false;
	int64_t taken = f->taken_ms != DB_NONE ? f->taken_ms : f->captured_ms;
	TRY(mark_used(m, f, &used));
	if (taken != DB_NONE) {
		mark_older(m, f, taken);
		mark_late(m, f, taken);
	}
	mark_far(m, f);
	if (str_is_null(f->state)) /* no photo */
		return ERR_OK;
	if (!used)
		TRY(mark_like(m, f));
	mark_edited(m, f);
	mark_unreadable(m, f);
	return mark_bare(m, f);
}

err marks_photos(struct marking *m)
{
	struct ctx *cx = m->cx;
	struct mark_files_rows rows;
	struct mark_files_params p = { m->x->row.region, ledger_subject(cx, "matter", m->x->row.id) };
	TRY(mark_files(cx->c, cx->a, &p, &rows));
	for (size_t i = 0; i < rows.n; i++)
		TRY(mark_photo(m, &rows.v[i]));
	return ERR_OK;
}
