#include "gateway/hj212/device.h"

#include "core/catalog.h"
#include "core/grant.h"
#include "core/ledger.h"
#include "gateway/hj212/answer.h"
#include "gateway/hj212/frame.h"
#include "gateway/hj212/server_parts.h"
#include "sense/station.h"

enum { SALT = 16, OPEN_MAX = 20, BODY_MAX = 900 };

bool device_mn_valid(str mn)
{
	if (!mn.n || mn.n > 64)
		return false;
	for (size_t i = 0; i < mn.n; i++) {
		char c = mn.p[i];
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.'))
			return false;
	}
	return true;
}

/* ---- who may ---- */

err device_see(struct ctx *cx, str mn, str perm, struct device_by_mn_row *ret)
{
	struct device_seen_row seen;
	struct db_scope scope = cx_scope(cx, perm);
	err e = device_by_mn(cx->c, cx->a, &(struct device_by_mn_params){ mn }, ret);
	if (e == ERR_OK && ret->station)
		e = device_seen(cx->c, cx->a, &(struct device_seen_params){ ret->station }, &scope, &seen);
	else if (e == ERR_OK && !cx_in_region(cx, S("sense.write"), ret->region))
		e = ERR_NOT_FOUND;
	return e == ERR_NOT_FOUND ? FAIL(&cx->fail, NOT_FOUND, "", NULL) : e;
}

static err may_write(struct ctx *cx, int64_t station, struct station *ret)
{
	err e = station_get(cx, station, ret);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, BAD_FIELD, "/station", "err.device.station");
	TRY(e);
	return station_may_write(cx, ret);
}

/* ---- the ledger ---- */

/* `before`: the name it had, where that is another. */
static err note(struct ctx *cx, const char *kind, str before, const struct device_insert_params *d)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_str(&c, "mn", d->mn);
	if (!str_eq(before, d->mn))
		canon_str(&c, "before", before);
	canon_id(&c, "station", d->station);
	canon_str(&c, "state", d->state);
	canon_str(&c, "dialect", d->dialect);
	canon_str(&c, "crc_policy", d->crc_policy);
	canon_str(&c, "answer_policy", d->answer_policy);
	canon_bool(&c, "password", d->pw_mac.n > 0);
	canon_str(&c, "peers", d->peers);
	canon_i64(&c, "real_s", d->real_s);
	canon_i64(&c, "minute_m", d->minute_m);
	canon_str(&c, "reason", d->reason);
	str subject = arena_printf(cx->a, "device/%016llx", (unsigned long long)str_hash(d->mn));
	return ledger_append(cx, d->region, kind, subject, canon_end(&c), NULL);
}

/* ---- deciding ---- */

static void take_password(struct ctx *cx, struct device_insert_params *d, str password, bool clear)
{
	if (clear)
		d->pw_salt = d->pw_mac = S("");
	if (!password.n)
		return;
	char *salt = arena_alloc(cx->a, SALT);
	unsigned char *mac = arena_alloc(cx->a, HASH_SIZE);
	random_bytes(salt, SALT);
	d->pw_salt = (str){ salt, SALT };
	hmac_sha256(d->pw_salt, password, mac);
	d->pw_mac = (str){ (char *)mac, HASH_SIZE };
}

static err check_peers(struct ctx *cx, str peers)
{
	for (size_t i = 0; i < peers.n; i++) {
		char c = peers.p[i];
		bool ok = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '.' || c == ':' || c == '/' || c == ',' || c == ' ';
		if (!ok)
			return FAIL(&cx->fail, BAD_FIELD, "/peers", "err.device.peers");
	}
	return ERR_OK;
}

/* Fields of the body over those of the row. */
#define TAKE(d, in)                                                                                                      \
	do {                                                                                                             \
		(d)->station = (in)->station;                                                                            \
		(d)->dialect = (in)->dialect.n ? (in)->dialect : (d)->dialect;                                           \
		(d)->crc_policy = (in)->crc_policy.n ? (in)->crc_policy : (d)->crc_policy;                               \
		(d)->answer_policy = (in)->answer_policy.n ? (in)->answer_policy : (d)->answer_policy;                   \
		(d)->peers = (in)->peers.p ? (in)->peers : (d)->peers;                                                   \
		(d)->real_s = (in)->real_s != JSON_NONE ? (in)->real_s : (d)->real_s;                                    \
		(d)->minute_m = (in)->minute_m != JSON_NONE ? (in)->minute_m : (d)->minute_m;                            \
		(d)->reason = (in)->reason;                                                                              \
	} while (0)

static err write_row(struct ctx *cx, const struct device_insert_params *d, int64_t old_region, int64_t ver, bool fresh)
{
	int64_t n = 1;
	if (!fresh)
		TRY(device_delete(cx->c, &(struct device_delete_params){ old_region, d->mn, ver }, &n));
	if (!n)
		return FAIL(&cx->fail, STALE, "/ver", "err.stale");
	TRY(device_insert(cx->c, d, &n));
	if (!n)
		return FAIL(&cx->fail, CONFLICT, "/mn", "err.device.there");
	if (!fresh && old_region != d->region)
		TRY(device_hours_move(cx->c, &(struct device_hours_move_params){ old_region, d->mn, d->region }, NULL));
	return ERR_OK;
}

static struct device_insert_params row_of(const struct device_by_mn_row *r)
{
	return (struct device_insert_params){ r->region, r->mn, r->station, r->state, r->dialect, r->crc_policy, r->answer_policy, r->pw_salt,
					      r->pw_mac, r->peers, r->real_s, r->minute_m, r->reason, r->first_ms, r->ver + 1 };
}

err device_allow(struct ctx *cx, str mn, const struct device_approve *in)
{
	struct device_by_mn_row row;
	struct station s;
	TRY(device_see(cx, mn, S("sense.write"), &row));
	TRY(may_write(cx, in->station, &s));
	if (row.ver != in->ver)
		return FAIL(&cx->fail, STALE, "/ver", "err.stale");
	TRY(check_peers(cx, in->peers));
	struct device_insert_params d = row_of(&row);
	bool was = str_eq(row.state, S("approved"));
	TAKE(&d, in);
	d.region = s.region;
	d.state = S("approved");
	take_password(cx, &d, in->password, in->clear_password);
	TRY(write_row(cx, &d, row.region, row.ver, false));
	return note(cx, was ? "device.change" : "device.approve", d.mn, &d);
}

err device_put_new(struct ctx *cx, const struct device_new *in)
{
	struct device_by_mn_row row;
	struct station s;
	if (!device_mn_valid(in->mn))
		return FAIL(&cx->fail, BAD_FIELD, "/mn", "err.device.mn");
	TRY(may_write(cx, in->station, &s));
	TRY(check_peers(cx, in->peers));
	err e = device_by_mn(cx->c, cx->a, &(struct device_by_mn_params){ in->mn }, &row);
	if (e == ERR_OK)
		return FAIL(&cx->fail, CONFLICT, "/mn", "err.device.there");
	if (e != ERR_NOT_FOUND)
		return e;
	cx->fail = (struct fail){ 0 };
	struct device_insert_params d = { .region = s.region, .mn = in->mn, .state = S("approved"), .dialect = S("auto"), .crc_policy = S("strict"),
					  .answer_policy = S("asked"), .pw_salt = S(""), .pw_mac = S(""), .peers = S(""), .first_ms = cx->now_ms, .ver = 1 };
	TAKE(&d, in);
	take_password(cx, &d, in->password, false);
	TRY(write_row(cx, &d, d.region, 0, true));
	return note(cx, "device.register", d.mn, &d);
}

err device_refuse(struct ctx *cx, str mn, int64_t ver, str reason)
{
	struct device_by_mn_row row;
	struct station s;
	TRY(device_see(cx, mn, S("sense.write"), &row));
	if (row.station)
		TRY(may_write(cx, row.station, &s));
	if (row.ver != ver)
		return FAIL(&cx->fail, STALE, "/ver", "err.stale");
	struct device_insert_params d = row_of(&row);
	d.region = cx->app->home_region;
	d.station = 0;
	d.state = S("refused");
	d.reason = reason;
	TRY(write_row(cx, &d, row.region, row.ver, false));
	return note(cx, "device.refuse", d.mn, &d);
}

/* Its row goes, and with it the quarantine of the same device under its new name: what came then is taken in. */
static err free_name(struct ctx *cx, const struct device_insert_params *d)
{
	struct device_by_mn_row there;
	err e = device_by_mn(cx->c, cx->a, &(struct device_by_mn_params){ d->mn }, &there);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	if (there.station || !str_eq(there.state, S("quarantined")))
		return FAIL(&cx->fail, CONFLICT, "/mn", "err.device.there");
	TRY(device_delete(cx->c, &(struct device_delete_params){ there.region, there.mn, there.ver }, NULL));
	if (there.region == d->region)
		return ERR_OK;
	TRY(device_hours_drop(cx->c, &(struct device_hours_drop_params){ d->region, d->mn }, NULL));
	return device_hours_move(cx->c, &(struct device_hours_move_params){ there.region, d->mn, d->region }, NULL);
}

static err move_history(struct ctx *cx, int64_t region, str mn, str to)
{
	TRY(device_hours_join(cx->c, &(struct device_hours_join_params){ region, mn, to }, NULL));
	TRY(device_hours_drop(cx->c, &(struct device_hours_drop_params){ region, mn }, NULL));
	TRY(commands_move(cx->c, &(struct commands_move_params){ mn, to }, NULL));
	TRY(device_names_move(cx->c, &(struct device_names_move_params){ mn, to }, NULL));
	TRY(device_name_delete(cx->c, &(struct device_name_delete_params){ to }, NULL));
	return device_name_insert(cx->c, &(struct device_name_insert_params){ region, mn, to, cx->now_ms }, NULL);
}

err device_rename(struct ctx *cx, str mn, int64_t ver, str to, str reason)
{
	struct device_by_mn_row row;
	struct device_names_of_rows names;
	struct station s;
	int64_t n;
	TRY(device_see(cx, mn, S("sense.write"), &row));
	if (!row.station)
		return FAIL(&cx->fail, GUARD, "", "err.device.not_approved");
	TRY(may_write(cx, row.station, &s));
	if (!device_mn_valid(to) || str_eq(to, mn))
		return FAIL(&cx->fail, BAD_FIELD, "/mn", "err.device.mn");
	TRY(device_names_of(cx->c, cx->a, &(struct device_names_of_params){ mn, DEVICE_NAMES_MAX }, &names));
	if (row.ver != ver)
		return FAIL(&cx->fail, STALE, "/ver", "err.stale");
	if (names.n == DEVICE_NAMES_MAX)
		return FAIL(&cx->fail, TOO_MANY, "/mn", "err.device.names");
	struct device_insert_params d = row_of(&row);
	d.mn = to;
	d.reason = reason;
	TRY(free_name(cx, &d));
	TRY(device_delete(cx->c, &(struct device_delete_params){ row.region, mn, ver }, &n));
	if (!n)
		return FAIL(&cx->fail, STALE, "/ver", "err.stale");
	TRY(device_insert(cx->c, &d, &n));
	if (!n)
		return FAIL(&cx->fail, CONFLICT, "/mn", "err.device.there");
	TRY(move_history(cx, d.region, mn, to));
	return note(cx, "device.rename", mn, &d);
}

/* ---- commands ---- */

static bool is_code(str s)
{
	return device_mn_valid(s) && s.n <= 32;
}

static bool is_text(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == '&' || s.p[i] == ';' || s.p[i] == ',' || s.p[i] == '=')
			return false;
	return s.n > 0 && s.n <= 64;
}

/* "RtdInterval:int:30:3600", "PolId:code?". */
struct param_rule {
	str name, kind;
	int64_t min, max;
	bool optional;
};

static struct param_rule rule_of(str s)
{
	struct param_rule r = { .min = INT64_MIN, .max = INT64_MAX };
	str part;
	r.optional = str_ends(s, S("?"));
	if (r.optional)
		s.n--;
	(void)str_cut(&s, ':', &r.name);
	(void)str_cut(&s, ':', &r.kind);
	if (str_cut(&s, ':', &part))
		(void)!str_to_i64(part, &r.min);
	if (str_cut(&s, ':', &part))
		(void)!str_to_i64(part, &r.max);
	return r;
}

static bool fits(const struct param_rule *r, str value)
{
	int64_t v;
	if (str_eq(r->kind, S("int")))
		return str_to_i64(value, &v) && v >= r->min && v <= r->max;
	if (str_eq(r->kind, S("code")))
		return is_code(value);
	if (str_eq(r->kind, S("time")))
		return value.n == 14 && hj212_time(value, &v);
	return is_text(value);
}

static bool has_param(str rules, str name)
{
	str one;
	while (str_cut(&rules, ' ', &one))
		if (str_eq(rule_of(one).name, name))
			return true;
	return false;
}

static err put_param(struct ctx *cx, struct buf *b, const struct param_rule *r, str cn, const struct device_param *v, size_t n)
{
	str value = { NULL, 0 };
	size_t at = 0;
	for (size_t i = 0; i < n; i++)
		if (str_eq(v[i].name, r->name)) {
			value = v[i].value;
			at = i;
		}
	if (!value.p && str_eq(cn, S("1012")) && str_eq(r->name, S("SystemTime"))) /* now, unless said otherwise */
		value = str_sub(hj212_qn(cx->a, cx->now_ms), 0, 14);
	if (!value.p && r->optional)
		return ERR_OK;
	if (!value.p || !fits(r, value))
		return FAIL(&cx->fail, BAD_FIELD, value.p ? arena_printf(cx->a, "/params/%zu/value", at).p : "/params", "err.device.param", "name",
			    arena_cstr(cx->a, r->name));
	buf_printf(b, "%s" STR_FMT "=" STR_FMT, b->n ? ";" : "", STR_ARG(r->name), STR_ARG(value));
	return ERR_OK;
}

static err body_of(struct ctx *cx, str cn, const struct device_param *v, size_t n, str *ret)
{
	struct rows rows;
	struct buf b = BUF(cx->a);
	size_t i = 0;
	TRY(catalog_current(cx->app->catalog, cx->a, S("hj212"), china_day(cx->now_ms), S("commands"), &rows, &cx->fail));
	while (i < rows.n && !str_eq(rows_get(&rows, i, S("code")), cn))
		i++;
	if (i == rows.n || !str_eq(rows_get(&rows, i, S("may_send")), S("yes")))
		return FAIL(&cx->fail, BAD_FIELD, "/cn", "err.device.command", "cn", arena_cstr(cx->a, cn));
	str rules = rows_get(&rows, i, S("params")), rest = rules, one;
	for (size_t k = 0; k < n; k++)
		if (!has_param(rules, v[k].name))
			return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "/params/%zu/name", k).p, "err.device.param_unknown", "name",
				    arena_cstr(cx->a, v[k].name));
	while (str_cut(&rest, ' ', &one)) {
		struct param_rule r = rule_of(one);
		if (r.name.n)
			TRY(put_param(cx, &b, &r, cn, v, n));
	}
	*ret = buf_str(&b);
	return ERR_OK;
}

static err queue(struct ctx *cx, int64_t region, str mn, str cn, str body, int64_t *ret_id)
{
	struct canon c;
	int64_t id = new_id(cx);
	TRY(command_insert(cx->c, &(struct command_insert_params){ region, id, mn, cn, body, cx_account(cx), cx->now_ms }, NULL));
	canon_begin(&c, cx->a);
	canon_str(&c, "mn", mn);
	canon_str(&c, "cn", cn);
	canon_str(&c, "params", body);
	canon_id(&c, "id", id);
	str subject = arena_printf(cx->a, "device/%016llx", (unsigned long long)str_hash(mn));
	TRY(ledger_append(cx, region, "device.command", subject, canon_end(&c), NULL));
	*ret_id = id;
	return ERR_OK;
}

err device_command_by_system(struct ctx *cx, int64_t region, str mn, str cn, str body)
{
	int64_t id;
	return queue(cx, region, mn, cn, body, &id);
}

err device_command_put(struct ctx *cx, str mn, str cn, const struct device_param *v, size_t n, int64_t *ret_id)
{
	struct device_by_mn_row row;
	struct command_open_row open;
	str body = S("");
	TRY(device_see(cx, mn, S("sense.command"), &row));
	if (!str_eq(row.state, S("approved")))
		return FAIL(&cx->fail, GUARD, "", "err.device.not_approved");
	TRY(body_of(cx, cn, v, n, &body));
	TRY(command_open(cx->c, cx->a, &(struct command_open_params){ mn }, &open));
	if (open.n >= OPEN_MAX)
		return FAIL(&cx->fail, TOO_MANY, "", "err.device.commands");
	return queue(cx, row.region, row.mn, cn, body, ret_id);
}
