#include "gateway/mqtt/payload.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_tree.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "sense/reading_sheet.h"

static const char *const faults[] = {
#define X(id, name) [MQTT_FAULT_##id] = name,
	MQTT_FAULTS(X)
#undef X
};

const char *mqtt_fault_name(enum mqtt_fault f)
{
	return faults[f];
}

/* ---- one value with what it inherits ---- */

struct about {
	str code;
	char flag;
	int64_t at_ms;
	enum series_kind kind;
};
struct payload {
	struct arena *a;
	VEC(struct mqtt_value) v;
	int64_t words;
	enum mqtt_fault fault;
	/* SenML: what stands for the records that follow */
	double base_time, base_value;
	str base_name;
};

static bool code_ok(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
			return false;
	return s.n > 0 && s.n <= MQTT_CODE_MAX;
}

static enum mqtt_fault fail(struct payload *p, enum mqtt_fault f)
{
	p->fault = p->fault ? p->fault : f;
	return f;
}

static void add(struct payload *p, const struct about *b, str number)
{
	struct decimal d;
	if (!code_ok(b->code) || !decimal_parse(number, &d)) {
		p->words++;
		return;
	}
	if (p->v.n == MQTT_VALUES_MAX) {
		fail(p, MQTT_FAULT_LARGE);
		return;
	}
	vec_push(p->a, &p->v, ((struct mqtt_value){ b->code, d, b->flag, b->at_ms, b->kind }));
}

static bool is_number(const struct json_node *n)
{
	struct decimal d;
	return n->kind == NODE_NUMBER || (n->kind == NODE_TEXT && decimal_parse(str_trim(n->text), &d));
}

/* ---- time ---- */

static bool unix_time(str s, int64_t *ret)
{
	struct decimal d;
	if (!decimal_parse(s, &d))
		return false;
	double v = decimal_f64(d);
	v = v >= 1e11 ? v : v * 1000; /* milliseconds have had twelve digits since 1973 */
	*ret = llround(v);
	return v >= 1e11 && v < 1e13;
}

/* A zone behind the time of day moves it to China's, as the text is read without one. */
static bool text_time(str s, int64_t *ret)
{
	int64_t shift = 0, h = 0, m = 0;
	s = str_trim(s);
	if (str_ends(s, S("Z"))) {
		shift = CHINA_OFFSET_MS;
		s.n--;
	} else if (s.n > 6 && (s.p[s.n - 6] == '+' || s.p[s.n - 6] == '-') && s.p[s.n - 3] == ':' && memchr(s.p, ':', s.n - 6)) {
		str zone = str_sub(s, s.n - 6, s.n);
		if (!str_to_i64(str_sub(zone, 1, 3), &h) || !str_to_i64(str_sub(zone, 4, 6), &m))
			return false;
		shift = CHINA_OFFSET_MS - (zone.p[0] == '-' ? -1 : 1) * (h * 60 + m) * 60000;
		s.n -= 6;
	}
	const char *dot = memchr(s.p, '.', s.n);
	if (dot)
		s.n = (size_t)(dot - s.p);
	if (s.n < 10 || (s.p[4] != '-' && s.p[4] != '/') || !reading_time(s, 0, ret)) /* the year must be there */
		return false;
	*ret += shift;
	return true;
}

static bool time_of(const struct json_node *n, int64_t *ret)
{
	if (n->kind == NODE_NUMBER)
		return unix_time(n->text, ret);
	return n->kind == NODE_TEXT && (text_time(n->text, ret) || unix_time(str_trim(n->text), ret));
}

/* ---- names that say what a member is for ---- */

enum member { MEMBER_VALUE, MEMBER_TIME, MEMBER_KIND, MEMBER_FLAG, MEMBER_ITEM, MEMBER_VALUES, MEMBER_OTHER };
static enum member member_of(str key)
{
	static const struct {
		const char *name;
		enum member is;
	} names[] = {
		{ "value", MEMBER_VALUE }, { "time", MEMBER_TIME },    { "ts", MEMBER_TIME },	   { "timestamp", MEMBER_TIME },
		{ "kind", MEMBER_KIND },   { "flag", MEMBER_FLAG },    { "item", MEMBER_ITEM },	   { "code", MEMBER_ITEM },
		{ "name", MEMBER_ITEM },   { "values", MEMBER_VALUES }, { "data", MEMBER_VALUES }, { "readings", MEMBER_VALUES },
	};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq(key, str_of(names[i].name)))
			return names[i].is;
	return MEMBER_OTHER;
}

static bool take_about(struct payload *p, const struct json_node *n, struct about *b)
{
	switch (member_of(n->key)) {
	case MEMBER_TIME:
		if (!time_of(n, &b->at_ms))
			fail(p, MQTT_FAULT_TIME);
		return true;
	case MEMBER_KIND:
		if (!series_kind_parse(n->text, &b->kind) || b->kind > SERIES_STATE)
			fail(p, MQTT_FAULT_SHAPE);
		return true;
	case MEMBER_FLAG:
		if (n->kind == NODE_TEXT && n->text.n == 1 && n->text.p[0] >= 'A' && n->text.p[0] <= 'Z')
			b->flag = n->text.p[0];
		else if (n->kind != NODE_NULL && n->text.n)
			fail(p, MQTT_FAULT_SHAPE);
		return true;
	case MEMBER_ITEM:
		if (n->kind == NODE_TEXT)
			b->code = n->text;
		return true;
	default:
		return false;
	}
}

static void take_record(struct payload *p, const struct json_node *n, struct about b, int depth);

/* {"pm25": 12, "pm10": {"value": 30, "flag": "M"}} */
static void take_named(struct payload *p, const struct json_node *n, struct about b, int depth)
{
	b.code = n->key;
	if (n->kind == NODE_OBJECT)
		take_record(p, n, b, depth + 1);
	else if (is_number(n))
		add(p, &b, str_trim(n->text));
	else
		p->words++;
}

static void take_values(struct payload *p, const struct json_node *n, const struct about *b, int depth)
{
	for (size_t i = 0; i < n->n && !p->fault; i++) {
		if (n->kind == NODE_OBJECT)
			take_named(p, &n->v[i], *b, depth);
		else if (n->v[i].kind == NODE_OBJECT)
			take_record(p, &n->v[i], *b, depth + 1);
		else
			p->words++;
	}
	if (n->kind != NODE_OBJECT && n->kind != NODE_LIST)
		p->words++;
}

static void take_record(struct payload *p, const struct json_node *n, struct about b, int depth)
{
	enum { DEPTH = 4 };
	if (depth > DEPTH) {
		fail(p, MQTT_FAULT_SHAPE);
		return;
	}
	for (size_t i = 0; i < n->n; i++) /* what holds for all of them first */
		(void)take_about(p, &n->v[i], &b);
	for (size_t i = 0; i < n->n && !p->fault; i++) {
		const struct json_node *m = &n->v[i];
		enum member is = member_of(m->key);
		if (is == MEMBER_VALUE && is_number(m))
			add(p, &b, str_trim(m->text));
		else if (is == MEMBER_VALUES)
			take_values(p, m, &b, depth);
		else if (is == MEMBER_OTHER && depth <= 1)
			take_named(p, m, b, depth);
		else if (is == MEMBER_VALUE || is == MEMBER_OTHER)
			p->words++;
	}
}

/* ---- SenML ---- */

static bool is_senml(const struct json_node *n)
{
	return n->kind == NODE_OBJECT &&
	       (json_tree_get(n, S("bn")) || json_tree_get(n, S("bt")) || (json_tree_get(n, S("n")) && json_tree_get(n, S("v"))));
}

static double number_of(const struct json_node *n, const char *key, double otherwise)
{
	double v;
	const struct json_node *m = json_tree_get(n, str_of(key));
	return m && m->kind == NODE_NUMBER && str_to_f64(m->text, &v) ? v : otherwise;
}

/* Names are joined; what stands behind the last mark of it is the item. */
static str senml_code(struct payload *p, const struct json_node *n)
{
	const struct json_node *name = json_tree_get(n, S("n"));
	str whole = arena_printf(p->a, STR_FMT STR_FMT, STR_ARG(p->base_name), STR_ARG(name ? name->text : S("")));
	size_t at = whole.n;
	while (at && !memchr("/:.", whole.p[at - 1], 3))
		at--;
	return str_sub(whole, at, whole.n);
}

static void take_senml(struct payload *p, const struct json_node *n, struct about b)
{
	const struct json_node *bn = json_tree_get(n, S("bn")), *v = json_tree_get(n, S("v"));
	if (bn)
		p->base_name = bn->text;
	p->base_time = number_of(n, "bt", p->base_time);
	p->base_value = number_of(n, "bv", p->base_value);
	double t = p->base_time + number_of(n, "t", 0);
	if (fabs(t) >= 268435456.0) /* RFC 8428 4.5.3: smaller ones are relative to now */
		b.at_ms = fabs(t) < 1e10 ? llround(t * 1000) : INT64_MAX;
	if (b.at_ms == INT64_MAX || (b.at_ms != INT64_MIN && b.at_ms < 0))
		fail(p, MQTT_FAULT_TIME);
	b.code = senml_code(p, n);
	if (v && v->kind == NODE_NUMBER)
		add(p, &b, p->base_value != 0 ? arena_printf(p->a, "%.15g", p->base_value + number_of(n, "v", 0)) : v->text);
	else if (!bn)
		p->words++;
}

/* ---- a message ---- */

static void take_list(struct payload *p, const struct json_node *n, const struct about *b)
{
	bool senml = n->n && is_senml(&n->v[0]);
	for (size_t i = 0; i < n->n && !p->fault; i++) {
		if (n->v[i].kind != NODE_OBJECT)
			fail(p, MQTT_FAULT_SHAPE);
		else if (senml)
			take_senml(p, &n->v[i], *b);
		else
			take_record(p, &n->v[i], *b, 1);
	}
}

enum mqtt_fault mqtt_payload_read(struct arena *a, str text, str code, enum series_kind kind, struct mqtt_values *ret)
{
	struct json_node root;
	struct decimal d;
	struct fail f = { 0 };
	struct payload p = { .a = a };
	const struct about b = { code, ' ', INT64_MIN, kind };
	text = str_trim(text);
	*ret = (struct mqtt_values){ 0 };
	if (!text.n)
		return MQTT_FAULT_EMPTY;
	if (text.n > MQTT_PAYLOAD_MAX)
		return MQTT_FAULT_LARGE;
	if (decimal_parse(text, &d))
		add(&p, &b, text);
	else if (json_tree(a, text, &root, &f) != ERR_OK)
		return MQTT_FAULT_JSON;
	else if (root.kind == NODE_LIST)
		take_list(&p, &root, &b);
	else if (root.kind == NODE_OBJECT)
		take_record(&p, &root, b, 0);
	else
		return MQTT_FAULT_SHAPE;
	if (p.fault)
		return p.fault;
	*ret = (struct mqtt_values){ p.v.v, p.v.n, p.words };
	return p.v.n || p.words ? MQTT_FAULT_NONE : MQTT_FAULT_SHAPE;
}

/* ---- presence ---- */

static bool presence_word(str s, bool *ret)
{
	static const char *const on[] = { "online", "1", "true", "connected", "on" };
	static const char *const off[] = { "offline", "0", "false", "disconnected", "off", "lost" };
	for (size_t i = 0; i < COUNT_OF(on); i++)
		if (str_eq_nocase(s, str_of(on[i])))
			return *ret = true, true;
	for (size_t i = 0; i < COUNT_OF(off); i++)
		if (str_eq_nocase(s, str_of(off[i])))
			return *ret = false, true;
	return false;
}

bool mqtt_presence(struct arena *a, str text, bool *ret_online)
{
	static const char *const keys[] = { "online", "status", "state", "connected" };
	struct json_node root;
	struct fail f = { 0 };
	text = str_trim(text);
	if (text.n > 1 && text.p[0] == '"' && text.p[text.n - 1] == '"')
		text = str_sub(text, 1, text.n - 1);
	if (presence_word(text, ret_online))
		return true;
	if (text.n > MQTT_PAYLOAD_MAX || json_tree(a, text, &root, &f) != ERR_OK)
		return false;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const struct json_node *n = json_tree_get(&root, str_of(keys[i]));
		if (n && presence_word(n->text, ret_online))
			return true;
	}
	return false;
}

/* ---- topics ---- */

str mqtt_topic_code(str topic)
{
	while (topic.n && topic.p[topic.n - 1] == '/')
		topic.n--;
	size_t at = topic.n;
	while (at && topic.p[at - 1] != '/')
		at--;
	return str_sub(topic, at, topic.n);
}

bool mqtt_topic_valid(str topic)
{
	str rest = topic, level;
	if (!topic.n || topic.n > MQTT_TOPIC_MAX || topic.p[0] == '$' || !utf8_valid(topic))
		return false;
	for (size_t i = 0; i < topic.n; i++)
		if ((unsigned char)topic.p[i] < ' ' || topic.p[i] == 0x7f)
			return false;
	while (str_cut(&rest, '/', &level)) {
		bool wild = memchr(level.p ? level.p : "", '+', level.n) || memchr(level.p ? level.p : "", '#', level.n);
		if (wild && level.n != 1)
			return false;
		if (wild && level.p[0] == '#' && (rest.n || topic.p[topic.n - 1] == '/'))
			return false;
	}
	return true;
}

bool mqtt_topic_fits(str pattern, str topic)
{
	str p, t;
	for (;;) {
		bool more_p = str_cut(&pattern, '/', &p), more_t = str_cut(&topic, '/', &t);
		if (more_p && str_eq(p, S("#")))
			return true;
		if (!more_p || !more_t)
			return more_p == more_t;
		if (!str_eq(p, t) && !str_eq(p, S("+")))
			return false;
	}
}
