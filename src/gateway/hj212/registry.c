/* Devices as the gateway knows them: read whole from the store, whenever something of them changed. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "core/catalog.h"
#include "gateway/device_sql.h"
#include "gateway/hj212/server_parts.h"
#include "sense/station.h"

/* ---- codes ---- */

enum { CODE_MAX = 32, NEW_CODES_A_SECOND = 100 };

err hj212_dictionary_read(const struct catalog *c, struct arena *a, int64_t today, struct hj212_dictionary *ret, struct fail *f)
{
	struct rows rows;
	TRY(catalog_current(c, a, S("hj212"), today, S("codes"), &rows, f));
	ret->a = a;
	ret->old = MAP(a);
	for (size_t i = 0; i < rows.n; i++) {
		str old = rows_get(&rows, i, S("old"));
		if (!old.n)
			continue;
		str *code = NEW(a, str);
		*code = arena_str(a, rows_get(&rows, i, S("code")));
		map_put(&ret->old, arena_str(a, old), code);
	}
	return ERR_OK;
}

static bool is_code(str s)
{
	if (!s.n || s.n > CODE_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool ok = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
		if (!ok)
			return false;
	}
	return true;
}

/* A code of 2005 stands for one of 2017; an unknown one stands for itself. */
bool hj212_dictionary_item(void *dictionary, str code, uint32_t *ret)
{
	struct hj212_dictionary *d = dictionary;
	struct fail f = { 0 };
	const str *now = map_get(&d->old, code);
	return is_code(code) && series_item(d->series, now ? *now : code, ret, &f) == ERR_OK;
}

void hj212_mean(const struct hj212_device *d, struct reading *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < d->nmeanings && d->meanings[k].from != v[i].item)
			k++;
		if (k < d->nmeanings) {
			v[i].item = d->meanings[k].to;
			v[i].value = decimal_times(v[i].value, d->meanings[k].factor);
		} else if (d->usual && v[i].item < d->usual->n && d->usual->to[v[i].item]) {
			v[i].item = d->usual->to[v[i].item];
		}
	}
}

/* ---- where it may come from: "10.1.2.3,10.2.0.0/16"; empty: anywhere ---- */

static bool in_range(str range, str peer)
{
	char net[64], host[64];
	struct in_addr a, b;
	int64_t bits = 32;
	ptrdiff_t slash = str_find_char(range, '/');
	str address = slash < 0 ? range : str_sub(range, 0, (size_t)slash);
	if (str_eq(range, peer))
		return true;
	if (address.n >= sizeof net || peer.n >= sizeof host)
		return false;
	if (slash >= 0 && (!str_to_i64(str_sub(range, (size_t)slash + 1, range.n), &bits) || bits < 0 || bits > 32))
		return false;
	memcpy(net, address.p, address.n);
	net[address.n] = '\0';
	memcpy(host, peer.p, peer.n);
	host[peer.n] = '\0';
	if (inet_pton(AF_INET, net, &a) != 1 || inet_pton(AF_INET, host, &b) != 1)
		return false;
	uint32_t mask = bits ? UINT32_MAX << (32 - bits) : 0;
	return (ntohl(a.s_addr) & mask) == (ntohl(b.s_addr) & mask);
}

bool hj212_peer_allowed(str peers, str peer)
{
	str one;
	if (!str_trim(peers).n)
		return true;
	while (str_cut(&peers, ',', &one))
		if (in_range(str_trim(one), peer))
			return true;
	return false;
}

/* ---- devices ---- */

static enum hj212_crc_policy policy_of(str s)
{
	return str_eq(s, S("modbus")) ? HJ212_MODBUS : str_eq(s, S("swapped")) ? HJ212_SWAPPED : str_eq(s, S("report")) ? HJ212_REPORT : HJ212_STRICT;
}

static enum hj212_answers answers_of(str s)
{
	return str_eq(s, S("always")) ? HJ212_ALWAYS : str_eq(s, S("never")) ? HJ212_NEVER : HJ212_AS_ASKED;
}

static void add_meanings(struct hj212_registry *r, struct hj212_dictionary *d, const struct device_items_rows *items, struct hj212_device *dev)
{
	VEC(struct hj212_meaning) v = { 0 };
	size_t lo = 0, hi = items->n;
	while (lo < hi) { /* rows are in the order of stations */
		size_t mid = (lo + hi) / 2;
		if (items->v[mid].station < dev->station)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < items->n && items->v[lo].station == dev->station; lo++) {
		struct hj212_meaning m = { 0 };
		if (hj212_dictionary_item(d, items->v[lo].code, &m.from) && hj212_dictionary_item(d, items->v[lo].item, &m.to) &&
		    decimal_parse(items->v[lo].factor, &m.factor))
			vec_push(r->a, &v, m);
	}
	dev->meanings = v.v;
	dev->nmeanings = v.n;
}

/* What codes mean at a kind of station, by the catalog: "a34004" is pm25 where air is measured. */
static const struct hj212_usual *usual_of(const struct app *app, struct hj212_registry *r, struct hj212_dictionary *d, str kind)
{
	const struct station_kinds *k = app->stations;
	const struct station_kind *of = k ? station_kind_find(k, kind) : NULL;
	struct hj212_usual *u = of ? map_get(&r->usual, of->medium) : NULL;
	uint32_t from, to;
	if (!of || u)
		return u;
	u = NEW(r->a, struct hj212_usual);
	map_put(&r->usual, of->medium, u);
	for (size_t i = 0; i < k->nitems; i++) {
		const struct item_kind *it = &k->items[i];
		if (!it->code.n || !str_eq(it->medium, of->medium) || !hj212_dictionary_item(d, it->code, &from) ||
		    !hj212_dictionary_item(d, it->id, &to))
			continue;
		if (from >= u->n) {
			u->to = arena_grow(r->a, u->to, u->n * sizeof *u->to, (from + 1) * sizeof *u->to);
			u->n = from + 1;
		}
		u->to[from] = to;
	}
	return u;
}

static void add_device(struct hj212_registry *r, const struct device_all_row *row, struct hj212_device *dev)
{
	enum hj212_dialect d;
	*dev = (struct hj212_device){ .region = row->region, .station = row->station, .mn = row->mn,
				      .approved = str_eq(row->state, S("approved")) && row->station, .refused = str_eq(row->state, S("refused")),
				      .dialect = hj212_dialect_of(row->dialect, &d) ? (int)d : -1, .crc = policy_of(row->crc_policy),
				      .answers = answers_of(row->answer_policy), .salt = row->pw_salt, .mac = row->pw_mac, .peers = row->peers,
				      .real_s = row->real_s, .minute_m = row->minute_m };
	map_put(&r->by_mn, dev->mn, dev);
}

/* Until a device speaks under its new name it is known by the old one. */
static err read_old_names(struct db_conn *c, struct hj212_registry *r)
{
	struct device_names_rows names;
	TRY(device_names(c, r->a, &names));
	for (size_t i = 0; i < names.n; i++) {
		struct hj212_device *dev = map_get(&r->by_mn, names.v[i].mn);
		if (dev && !map_get(&r->by_mn, names.v[i].old_mn))
			map_put(&r->by_mn, names.v[i].old_mn, dev);
	}
	return ERR_OK;
}

static err read_devices(const struct app *app, struct db_conn *c, struct hj212_dictionary *d, struct hj212_registry *r)
{
	struct device_all_rows rows;
	struct device_items_rows items;
	TRY(device_all(c, r->a, &rows));
	TRY(device_items(c, r->a, &items));
	struct hj212_device *v = NEW_N(r->a, struct hj212_device, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		add_device(r, &rows.v[i], &v[i]);
		if (!v[i].approved)
			continue;
		add_meanings(r, d, &items, &v[i]);
		v[i].usual = usual_of(app, r, d, rows.v[i].kind);
	}
	r->n = rows.n;
	return read_old_names(c, r);
}

err hj212_registry_read(const struct app *app, struct hj212_dictionary *d, struct hj212_registry **ret, struct fail *f)
{
	struct arena *a = arena_new();
	struct hj212_registry *r = NEW(a, struct hj212_registry);
	struct db_conn *c;
	r->a = a;
	r->by_mn = MAP(a);
	r->usual = MAP(a);
	err e = db_read_begin(app->db, &c, f);
	if (e == ERR_OK) {
		e = read_devices(app, c, d, r);
		db_read_end(app->db, c);
		if (e != ERR_OK)
			e = FAIL(f, DB, "", "err.db");
	}
	if (e != ERR_OK)
		hj212_registry_free(r);
	else
		*ret = r;
	return e;
}

void hj212_registry_free(struct hj212_registry *r)
{
	if (r)
		arena_free(r->a);
}
