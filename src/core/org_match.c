/* Which organisation a name in a document means. */
#include "core/org.h"

#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "core/app.h"
#include "core/catalog.h"
#include "core/org_sql.h"
#include "core/region.h"

struct org_names {
	struct map by_name; /* name -> str *: the row's id */
};

struct org_names *org_names_read(struct arena *a, str abbrev_tsv)
{
	struct org_names *t = NEW(a, struct org_names);
	struct rows rows;
	t->by_name = MAP(a);
	if (rows_read(a, S("org/abbrev"), abbrev_tsv, &rows, NULL) != ERR_OK)
		return t;
	for (size_t i = 0; i < rows.n; i++) {
		str *id = NEW(a, str), list = rows_get(&rows, i, S("names")), name;
		*id = rows_get(&rows, i, S("id"));
		while (str_cut(&list, ' ', &name))
			if (name.n)
				map_put(&t->by_name, name, id);
	}
	return t;
}

/* ---- keys ---- */

static bool cut_prefix(str *s, str prefix)
{
	if (!prefix.n || s->n <= prefix.n || !str_starts(*s, prefix))
		return false;
	*s = str_sub(*s, prefix.n, s->n);
	return true;
}

static bool cut_suffix(str *s, str suffix)
{
	if (s->n <= suffix.n || !str_ends(*s, suffix))
		return false;
	*s = str_sub(*s, 0, s->n - suffix.n);
	return true;
}

static bool is_latin(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

static str without_blanks(struct arena *a, str s)
{
	struct buf b = BUF(a);
	while (s.n) {
		if (!cut_prefix(&s, S("　")) && !cut_prefix(&s, S(" "))) {
			if (s.p[0] != ' ')
				buf_byte(&b, s.p[0]);
			s = str_sub(s, 1, s.n);
		}
	}
	return b.n ? buf_str(&b) : (str){ "", 0 };
}

static str cut_regions(str s, const str *regions, size_t n)
{
	(void)(cut_prefix(&s, S("中国共产党")) || cut_prefix(&s, S("中共")));
	for (size_t i = 0; i < n; i++)
		(void)cut_prefix(&s, regions[i]);
	return s;
}

/* The name that stands for all of its row, else the name with its ending made short. */
static str standard(struct arena *a, const struct org_names *t, str s)
{
	static const struct {
		str from, to;
	} endings[] = { { S("人民政府"), S("政府") }, { S("管理委员会"), S("管委会") }, { S("委员会"), S("委") },
			{ S("管理局"), S("局") }, { S("党工委"), S("党委") } };
	const str *id = map_get(&t->by_name, s);
	if (id)
		return *id;
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		str stem = s;
		if (!cut_suffix(&stem, endings[i].from))
			continue;
		str made = arena_printf(a, STR_FMT STR_FMT, STR_ARG(stem), STR_ARG(endings[i].to));
		id = map_get(&t->by_name, made);
		return id ? *id : made;
	}
	return s;
}

static int english_level(str word)
{
	static const struct {
		str word;
		int level;
	} words[] = { { S("provincial"), REGION_PROVINCE }, { S("province"), REGION_PROVINCE },
		      { S("municipal"), REGION_CITY }, { S("city"), REGION_CITY }, { S("district"), REGION_COUNTY },
		      { S("county"), REGION_COUNTY }, { S("town"), REGION_TOWN }, { S("township"), REGION_TOWN },
		      { S("subdistrict"), REGION_TOWN } };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_eq_nocase(word, words[i].word))
			return words[i].level;
	return 0;
}

static bool names_region(str word, const str *regions, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(word, regions[i]))
			return true;
	return false;
}

/* Lower case, without articles, levels and regions. */
static str english_key(struct arena *a, str name, const str *regions, size_t n, int *ret_level)
{
	struct buf b = BUF(a);
	str word;
	*ret_level = 0;
	while (str_cut(&name, ' ', &word)) {
		int level = english_level(word);
		*ret_level = level ? level : *ret_level;
		if (!word.n || level || str_eq_nocase(word, S("the")) || str_eq_nocase(word, S("of")) ||
		    str_eq_nocase(word, S("and")) || names_region(word, regions, n))
			continue;
		for (size_t i = 0; i < word.n; i++) {
			char c = word.p[i];
			if (c != ',' && c != '&')
				buf_byte(&b, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
		}
		buf_byte(&b, ' ');
	}
	return b.n ? buf_str(&b) : (str){ "", 0 };
}

str org_key(struct arena *a, const struct org_names *t, str name, const str *regions, size_t nregions)
{
	int level;
	if (is_latin(name))
		return english_key(a, name, regions, nregions, &level);
	return standard(a, t, cut_regions(without_blanks(a, name), regions, nregions));
}

int org_level_key(struct arena *a, const struct org_names *t, str name, const str *regions, size_t nregions,
		  str *ret_key)
{
	static const struct {
		str word;
		int level;
	} words[] = { { S("省"), REGION_PROVINCE }, { S("市"), REGION_CITY }, { S("区"), REGION_COUNTY },
		      { S("县"), REGION_COUNTY }, { S("旗"), REGION_COUNTY }, { S("镇"), REGION_TOWN },
		      { S("乡"), REGION_TOWN }, { S("街道"), REGION_TOWN } };
	int level = 0;
	if (is_latin(name)) {
		*ret_key = english_key(a, name, regions, nregions, &level);
		return level;
	}
	str s = cut_regions(without_blanks(a, name), regions, nregions);
	for (size_t i = 0; i < COUNT_OF(words) && !level; i++)
		if (cut_prefix(&s, words[i].word))
			level = words[i].level;
	*ret_key = standard(a, t, s);
	return level;
}

/* ---- scoring ---- */

enum { MAX_REGION_NAMES = 12, NO_MATCH = 0, PLAIN = 60, LEVELLED = 80, SHORT = 90, EXACT = 100 };

struct wanted {
	struct arena *a;
	const struct org_names *names;
	str name, key, level_key;
	int level;
	int64_t region;
	str regions[MAX_REGION_NAMES];
	size_t nregions;
};

/* The organisation's own key under each of the ways it may be called, with and without its own region's name. */
static bool same_unit(const struct wanted *w, const struct org_candidates_row *o, str key)
{
	str own[5], level_key, regions[MAX_REGION_NAMES + 1];
	size_t n = 0, nr = w->nregions;
	memcpy(regions, w->regions, nr * sizeof *regions);
	if (o->region_name.n)
		regions[nr++] = o->region_name;
	own[n++] = org_key(w->a, w->names, o->name, regions, nr);
	own[n++] = org_key(w->a, w->names, o->name, w->regions, w->nregions);
	if (o->short_name.n) {
		own[n++] = org_key(w->a, w->names, o->short_name, regions, nr);
		if (org_level_key(w->a, w->names, o->short_name, regions, nr, &level_key))
			own[n++] = level_key;
	}
	if (is_latin(w->name))
		own[n++] = org_key(w->a, w->names, o->name_en, regions, nr);
	for (size_t i = 0; i < n; i++)
		if (str_eq(own[i], key))
			return true;
	return false;
}

/* 城关镇 means its government, 一街道 its office. */
static bool same_township(const struct wanted *w, const struct org_candidates_row *o)
{
	str stem = o->name;
	if (!str_eq(o->kind, S("township")))
		return false;
	if (!cut_suffix(&stem, S("人民政府")) && !cut_suffix(&stem, S("办事处")) && !cut_suffix(&stem, S("政府")))
		return false;
	return str_eq(org_key(w->a, w->names, stem, w->regions, w->nregions), w->key);
}

static int nearness(int64_t here, int64_t there)
{
	int64_t lo, hi;
	region_range(there, &lo, &hi);
	return there == here ? 5 : here >= lo && here <= hi ? 3 : 1; /* itself, above, below */
}

static int score(const struct wanted *w, const struct org_candidates_row *o)
{
	int level = (int)region_level(o->region), near = nearness(w->region, o->region);
	bool level_fits = !w->level || w->level == level;
	if (str_eq(o->name, w->name) || (o->name_en.n && str_eq_nocase(o->name_en, w->name)))
		return EXACT + near;
	if (o->short_name.n && str_eq(o->short_name, w->name) && level_fits)
		return SHORT + near;
	if (w->level && w->level == level && w->level_key.n && same_unit(w, o, w->level_key))
		return LEVELLED + near;
	if ((!w->level || !is_latin(w->name)) && w->key.n && (same_unit(w, o, w->key) || same_township(w, o)))
		return PLAIN + near;
	return NO_MATCH;
}

/* Names of the region and those above it, in Chinese and in English words. */
static err load_region_names(struct ctx *cx, struct wanted *w)
{
	int64_t last = 0;
	for (int l = REGION_PROVINCE; l <= REGION_VILLAGE; l++) {
		int64_t up = region_up(w->region, (enum region_level)l);
		struct region_name name;
		if (up == last)
			continue;
		last = up;
		TRY(region_name_of(cx->c, cx->a, up, &name));
		str en = name.name_en, word;
		w->regions[w->nregions++] = name.name;
		if (str_cut(&en, ' ', &word) && is_latin(word) && w->nregions < MAX_REGION_NAMES)
			w->regions[w->nregions++] = word;
	}
	return ERR_OK;
}

static const struct org_names *names_of(struct ctx *cx)
{
	str edition = cx->app->catalog ? catalog_edition(cx->app->catalog, S("org"), china_day(cx->now_ms)) : (str){ 0 };
	str path = arena_printf(cx->a, "org/" STR_FMT "/abbrev.tsv", STR_ARG(edition));
	str text = edition.n ? catalog_bytes(cx->app->catalog, path) : (str){ 0 };
	return org_names_read(cx->a, text.p ? text : S("id\tnames\n"));
}

static err candidates(struct ctx *cx, int64_t region, str name, struct org_candidates_rows *ret)
{
	struct org_candidates_params p = { .today = china_day(cx->now_ms), .name = name };
	region_range(region, &p.lo, &p.hi);
	p.county = region_up(region, REGION_COUNTY);
	p.city = region_up(region, REGION_CITY);
	p.province = region_up(region, REGION_PROVINCE);
	return org_candidates(cx->c, cx->a, &p, ret);
}

static int64_t best_of(struct wanted *w, const struct org_candidates_rows *rows)
{
	int best = NO_MATCH;
	int64_t id = 0;
	for (size_t i = 0; i < rows->n; i++) {
		int s = score(w, &rows->v[i]);
		if (s == best)
			id = 0; /* several fit equally well */
		if (s > best) {
			best = s;
			id = rows->v[i].id;
		}
	}
	return id;
}

err org_match(struct ctx *cx, int64_t region, str name, int64_t *ret)
{
	/* Candidates' keys are short-lived and many: they get an arena of their own. */
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx own = *cx;
	own.a = a;
	struct wanted w = { .a = a, .name = str_trim(name), .region = region };
	struct org_candidates_rows rows;
	if (!w.name.n) {
		*ret = 0;
		return ERR_OK;
	}
	TRY(candidates(&own, region, w.name, &rows));
	TRY(load_region_names(&own, &w));
	w.names = names_of(&own);
	w.key = org_key(a, w.names, w.name, w.regions, w.nregions);
	w.level = org_level_key(a, w.names, w.name, w.regions, w.nregions, &w.level_key);
	*ret = best_of(&w, &rows);
	return ERR_OK;
}
