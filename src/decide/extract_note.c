/* Bracketed responsibility notes: （牵头单位：甲；责任单位：乙、丙）, （甲牵头，乙、丙配合）,
 * （甲、乙按职责分工负责）, （甲会同乙负责）, (lead: A; support: B, C). A bracket whose words do not
 * all have a place in such a form is no note. */
#include "decide/extract_parts.h"

enum { NOTE_MAX = 600, DEPTH_MAX = 16, NOTE_LINES = 4 };

enum role { ROLE_NONE, ROLE_LEAD, ROLE_RESP, ROLE_CO, ROLE_IGNORED };

struct reading {
	struct unit_refs by[ROLE_IGNORED + 1];
	struct unit_refs pending; /* units in front of the verb they belong to */
	enum role label;          /* the role of the last label */
	bool loose; /* a segment was passed over */
	bool labelled, roles, foreign, first_leads, ditto;
};

static void move_units(struct doc *d, struct unit_refs *from, struct unit_refs *to)
{
	for (size_t i = 0; i < from->n; i++)
		vec_push_few(d->a, to, from->v[i]);
	from->n = 0;
}

static bool has_mark(const struct doc *d, uint32_t start, uint32_t end, enum mark mark)
{
	for (uint32_t i = start; i < end; i++)
		if (term_at(d, i, end, mark))
			return true;
	return false;
}

/* ---- 牵头单位： ---- */

static enum role label_role(const struct doc *d, uint32_t start, uint32_t end)
{
	if (term_ending(d, start, end, MARK_LABEL_OTHER))
		return ROLE_IGNORED;
	if (has_mark(d, start, end, MARK_ROLE_LEAD))
		return ROLE_LEAD;
	if (has_mark(d, start, end, MARK_ROLE_CO))
		return ROLE_CO;
	if (has_mark(d, start, end, MARK_ROLE_RESP))
		return ROLE_RESP;
	return ROLE_NONE;
}

/* The label in front of a colon; returns where its units begin, or start. */
static uint32_t read_label(const struct doc *d, uint32_t start, uint32_t end, enum role *ret)
{
	enum { LABEL_MAX = 24 };
	uint32_t limit = end - start > LABEL_MAX ? start + LABEL_MAX : end;
	uint32_t colon = plain_find(d, start, limit, ":");
	if (colon == limit)
		return start;
	enum role role = label_role(d, start, colon);
	*ret = role == ROLE_NONE ? ROLE_IGNORED : role;
	return colon + 1;
}

/* ---- 甲、乙牵头负责 ---- */

/* Strips one word that may close a verb phrase of responsibility; 0 when there is none. */
static uint32_t tail_word(const struct doc *d, uint32_t start, uint32_t end)
{
	static const char *const words[] = { "为牵头单位", "为责任单位", "为配合单位", "为主责单位", "为牵头部门",
					     "为责任部门", "为配合部门", "为协办单位", "为参与单位", "组织实施", "具体实施",
					     "牵头", "负责", "配合", "参加", "参与", "落实", "实施", "推进", "组织", "具体",
					     "按照", "职责", "职能", "分工", "分别", "共同", "各自", "协助", "协同", "支持",
					     "协办", "主办", "承办", "抓好", "做好", "主责", "抓总", "指导", "统筹", "协调",
					     "督促", "责任", "工作", "抓落实", "权限", "任务", "为主", "密切", "积极", "按",
					     "依", "据", "总", "并", "均", "分", "工", "的" };
	static const unsigned char lens[] = { 5, 5, 5, 5, 5, 5, 5, 5, 5, 4, 4 };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (!plain_ends(d, start, end, words[i]))
			continue;
		if (i < COUNT_OF(lens))
			return lens[i];
		str w = str_of(words[i]);
		return (uint32_t)(w.n / 3);
	}
	return 0;
}

static uint32_t tail_start(const struct doc *d, uint32_t start, uint32_t end)
{
	for (uint32_t n; end > start && (n = tail_word(d, start, end)) != 0;)
		end -= n;
	return end;
}

static enum role tail_role(const struct doc *d, uint32_t start, uint32_t end)
{
	if (has_mark(d, start, end, MARK_ROLE_LEAD))
		return ROLE_LEAD;
	if (has_mark(d, start, end, MARK_ROLE_CO))
		return ROLE_CO;
	return has_mark(d, start, end, MARK_ROLE_RESP) ? ROLE_RESP : ROLE_NONE;
}

/* 甲会同乙负责: the place of 会同 when units stand on both sides, else end. */
static uint32_t find_join(const struct doc *d, uint32_t start, uint32_t end, uint32_t *ret_len)
{
	for (uint32_t i = start + 2; i + 2 < end; i++) {
		const struct lexeme *t = term_at(d, i, end, MARK_ROLE_JOIN);
		if (!t)
			continue;
		uint32_t from = i;
		while (from > start && d->p.c[from - 1] != 0x3001 && d->p.c[from - 1] != ',')
			from--;
		uint32_t to = i + t->len;
		while (to < end && d->p.c[to] != 0x3001 && d->p.c[to] != ',')
			to++;
		uint32_t left = plain_ends(d, from, i, "牵头") ? i - 2 : i;
		if (unit_sort(d, from, left) == UNIT_SURE && unit_sort(d, i + t->len, to) != UNIT_NO) {
			*ret_len = t->len;
			return i;
		}
	}
	return end;
}

static uint32_t find_inner_lead(const struct doc *d, uint32_t start, uint32_t end)
{
	for (uint32_t i = start + 2; i + 2 < end; i++) {
		if (!plain_is(d, i, end, "牵头") || unit_sort(d, start, i) == UNIT_NO)
			continue;
		bool name = plain_is(d, i + 2, end, "部门") || plain_is(d, i + 2, end, "单位") ||
			    plain_is(d, i + 2, end, "机制") || plain_is(d, i + 2, end, "人");
		if (!name)
			return i;
	}
	return end;
}

/* One segment without label whose verb phrase starts at `tail`. */
static void read_verb_segment(struct doc *d, uint32_t start, uint32_t tail, uint32_t end, struct reading *r)
{
	enum role role = tail_role(d, tail, end);
	uint32_t len = 0, join = find_join(d, start, tail, &len);
	uint32_t inner = find_inner_lead(d, start, tail);
	struct unit_list n = { 0 };
	if (join < tail) {
		uint32_t left = plain_ends(d, start, join, "牵头") ? join - 2 : join;
		n = units_split(d, start, left, false, &r->pending);
		move_units(d, &r->pending, &r->by[ROLE_LEAD]);
		struct unit_list m = units_split(d, join + len, tail, false, &r->by[ROLE_CO]);
		n.others += m.others;
	} else if (inner < tail) {
		n = units_split(d, start, inner, false, &r->pending);
		move_units(d, &r->pending, &r->by[ROLE_LEAD]);
		uint32_t rest = inner + 2;
		if (plain_is(d, rest, tail, "负责"))
			rest += 2;
		struct unit_list m = units_split(d, rest, tail, false, &r->by[role == ROLE_LEAD ? ROLE_CO : role]);
		n.others += m.others;
	} else {
		n = units_split(d, start, tail, false, &r->pending);
		if (n.others && n.units > n.others) { /* an unknown name among known ones */
			r->pending.n -= n.units < r->pending.n ? n.units : r->pending.n;
			n = units_split(d, start, tail, true, &r->pending);
		}
		move_units(d, &r->pending, &r->by[role]);
	}
	r->roles = true;
	r->foreign = r->foreign || n.others;
}

static bool says_first_leads(const struct doc *d, uint32_t start, uint32_t end)
{
	for (uint32_t i = start; i < end; i++) {
		const struct lexeme *t = term_at(d, i, end, MARK_FIRST_LEAD);
		uint32_t limit = i + 16 < end ? i + 16 : end;
		if (t && (plain_find(d, i + t->len, limit, "牵头") < limit || plain_find(d, i + t->len, limit, "主责") < limit))
			return true;
	}
	return false;
}

static void read_segment(struct doc *d, uint32_t start, uint32_t end, struct reading *r)
{
	struct range t = plain_trim(d, start, end);
	if (t.start == t.end)
		return;
	if (says_first_leads(d, t.start, t.end)) {
		r->first_leads = true;
		return;
	}
	if (has_mark(d, t.start, t.end, MARK_DITTO) && t.end - t.start <= 8) {
		r->ditto = true;
		return;
	}
	enum role role = r->label;
	uint32_t body = read_label(d, t.start, t.end, &role);
	if (body > t.start) {
		r->label = role;
		r->labelled = r->labelled || role != ROLE_IGNORED;
	}
	uint32_t tail = tail_start(d, body, t.end);
	bool verb = tail > body && tail < t.end && tail_role(d, tail, t.end) != ROLE_NONE;
	if (verb && r->label != ROLE_IGNORED) {
		read_verb_segment(d, body, tail, t.end, r);
		r->foreign = r->foreign && !r->labelled;
		return;
	}
	if (r->label == ROLE_IGNORED)
		return;
	if (r->label != ROLE_NONE) {
		units_split(d, body, t.end, true, &r->by[r->label]);
		return;
	}
	size_t before = r->pending.n;
	struct unit_list n = units_split(d, t.start, t.end, false, &r->pending);
	if (n.others) {
		r->loose = true;
		r->pending.n = before;
		r->foreign = r->foreign || !r->roles;
	}
}

/* 牵头单位：甲 配合单位：乙: a blank parts them when a label follows. */
static bool label_follows(const struct doc *d, uint32_t at, uint32_t end)
{
	enum role role = ROLE_NONE;
	uint32_t body = read_label(d, at, end, &role);
	return body > at && body - at <= 10 && (role != ROLE_IGNORED || term_ending(d, at, body - 1, MARK_LABEL_OTHER));
}

/* Commas part a label's list too (甲、乙，丙、丁), so every mark starts a segment. */
static void read_segments(struct doc *d, uint32_t start, uint32_t end, struct reading *r)
{
	uint32_t depth = 0, from = start;
	for (uint32_t i = start; i < end; i++) {
		uint32_t c = d->p.c[i];
		depth += c == '(';
		depth -= c == ')' && depth;
		bool blank = is_space(c) && label_follows(d, i + 1, end);
		if (depth || (c != ',' && c != ';' && c != 0x3002 && !blank))
			continue;
		read_segment(d, from, i, r);
		if (c != ',' && r->label != ROLE_NONE && c == 0x3002)
			r->label = ROLE_NONE;
		from = i + 1;
	}
	read_segment(d, from, end, r);
}

/* ---- (led by A, with support from B and C) ---- */

static enum role english_role(const struct doc *d, uint32_t at, uint32_t end, uint32_t *ret_len)
{
	static const struct {
		enum mark mark;
		enum role role;
	} kinds[] = { { MARK_ROLE_LEAD, ROLE_LEAD }, { MARK_ROLE_RESP, ROLE_RESP }, { MARK_ROLE_CO, ROLE_CO } };
	enum role best = ROLE_NONE;
	*ret_len = 0;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		const struct lexeme *t = term_at(d, at, end, kinds[i].mark);
		if (t && t->english && t->len > *ret_len) {
			*ret_len = t->len;
			best = kinds[i].role;
		}
	}
	return best;
}

static bool read_english(struct doc *d, uint32_t start, uint32_t end, struct reading *r)
{
	uint32_t len, from = start;
	enum role role = english_role(d, start, end, &len);
	if (role == ROLE_NONE)
		return false;
	from = start + len;
	for (uint32_t i = from; i <= end; i++) {
		bool word = i < end && i > from && (d->p.c[i - 1] == ' ' || d->p.c[i - 1] == ',' || d->p.c[i - 1] == ';');
		enum role next = word ? english_role(d, i, end, &len) : ROLE_NONE;
		if (i < end && next == ROLE_NONE)
			continue;
		if (from < i && d->p.c[from] == ':')
			from++;
		uint32_t to = i;
		while (to > from && (is_space(d->p.c[to - 1]) || d->p.c[to - 1] == ',' || d->p.c[to - 1] == ';'))
			to--;
		units_split(d, from, to, true, &r->by[role]);
		r->roles = true;
		role = next;
		from = i + len;
		i = from;
	}
	return true;
}

/* ---- results ---- */

static void assign(struct doc *d, struct reading *r, bool first_leads, struct note *n)
{
	if (r->by[ROLE_LEAD].n) {
		move_units(d, &r->by[ROLE_LEAD], &n->leads);
		move_units(d, &r->by[ROLE_RESP], &n->cos);
	} else if (first_leads && r->by[ROLE_RESP].n) {
		vec_push_few(d->a, &n->leads, r->by[ROLE_RESP].v[0]);
		for (size_t i = 1; i < r->by[ROLE_RESP].n; i++)
			vec_push_few(d->a, &n->cos, r->by[ROLE_RESP].v[i]);
	} else {
		move_units(d, &r->by[ROLE_RESP], &n->leads);
	}
	move_units(d, &r->by[ROLE_CO], &n->cos);
}

static bool has_role_word(const struct doc *d, uint32_t start, uint32_t end)
{
	return has_mark(d, start, end, MARK_ROLE_RESP) || has_mark(d, start, end, MARK_ROLE_LEAD) ||
	       has_mark(d, start, end, MARK_ROLE_CO);
}

static bool latin_only(const struct doc *d, uint32_t start, uint32_t end)
{
	for (uint32_t i = start; i < end; i++)
		if (is_han(d->p.c[i]))
			return false;
	return true;
}

/* first_leads: in and out, whether 列第一位者为牵头单位，下同 was said before. */
static void read_bracket(struct doc *d, uint32_t open, uint32_t close, bool *first_leads)
{
	uint32_t start = open + 1, end = close;
	struct reading r = { 0 };
	if (!has_role_word(d, start, end))
		return;
	if (!latin_only(d, start, end))
		read_segments(d, start, end, &r);
	else if (!read_english(d, start, end, &r))
		return;
	if (r.first_leads && r.ditto)
		*first_leads = true;
	if ((!r.labelled && (r.foreign || !r.roles)))
		return;
	struct note n = { .start = plain_orig(d, open), .end = (size_t)plain_orig(d, close) + 1 };
	assign(d, &r, *first_leads || r.first_leads, &n);
	if (n.leads.n || n.cos.n)
		vec_push(d->a, &d->x->notes, n);
}

bool label_line_read(struct doc *d, uint32_t start, uint32_t end, struct note *ret)
{
	struct reading r = { 0 };
	enum role role = ROLE_NONE;
	uint32_t body = read_label(d, start, end, &role);
	if (body == start || body - start > (is_letter(d->p.c[start]) ? 24u : 12u))
		return false;
	bool other = role == ROLE_IGNORED && term_ending(d, start, body - 1, MARK_LABEL_OTHER);
	bool named = role != ROLE_IGNORED && term_ending(d, start, body - 1, MARK_LABEL);
	if (!other && !named)
		return false;
	read_segments(d, start, end, &r);
	assign(d, &r, r.first_leads, ret);
	return true;
}

enum label label_kind(const struct doc *d, uint32_t start, uint32_t end, uint32_t *ret_body)
{
	enum { CHINESE_MAX = 10, ENGLISH_MAX = 26 };
	uint32_t most = start < end && is_letter(d->p.c[start]) ? ENGLISH_MAX : CHINESE_MAX;
	uint32_t limit = end - start > most ? start + most : end, colon = plain_find(d, start, limit, ":"), to = colon;
	if (colon == limit)
		return LABEL_NONE;
	while (to > start && (d->p.c[to - 1] == '*' || is_space(d->p.c[to - 1])))
		to--;
	for (*ret_body = colon + 1; *ret_body < end && (d->p.c[*ret_body] == '*' || is_space(d->p.c[*ret_body]));)
		(*ret_body)++;
	if (term_ending(d, start, to, MARK_LABEL_TASK))
		return LABEL_TASK;
	if (!term_ending(d, start, to, MARK_LABEL_QUIET) || plain_find(d, start, to, "解决") < to || has_mark(d, start, to, MARK_MODAL))
		return LABEL_NONE;
	return LABEL_QUIET;
}

static uint32_t skip_by(const struct doc *d, uint32_t at, uint32_t end)
{
	static const char *const words[] = { "此项工作", "该项工作", "上述工作", "以上工作", "此项任务", "该项任务", "具体", "均" };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_is(d, at, end, words[i]))
			at += (uint32_t)(__builtin_strlen(words[i]) / 3);
	return plain_is(d, at, end, "由") ? at + 1 : at;
}

/* Most sentences do not end like …牵头, …负责 or …配合 and have no label at their head. */
static bool may_be_roles(const struct doc *d, uint32_t start, uint32_t end)
{
	enum { LABEL_NEAR = 24 };
	/* 头 责 合 加 与 实 施 进 助 同 持 办 */
	static const uint16_t last[] = { 0x5934, 0x8D23, 0x5408, 0x52A0, 0x4E0E, 0x5B9E,
					 0x65BD, 0x8FDB, 0x52A9, 0x540C, 0x6301, 0x529E };
	bool ends = false;
	for (size_t i = 0; i < COUNT_OF(last) && end > start && !ends; i++)
		ends = d->p.c[end - 1] == last[i];
	uint32_t tail = ends ? tail_start(d, start, end) : start;
	if (tail > start && (d->p.around[tail - 1] & (ENDS_SUFFIX | ENDS_SUBJECT) || plain_ends(d, start, tail, "等") || plain_ends(d, start, tail, "单位")))
		return true;
	for (uint32_t i = start; i < end && i - start < LABEL_NEAR; i++)
		if (d->p.c[i] == ':')
			return true;
	return false;
}

bool role_sentence_read(struct doc *d, uint32_t start, uint32_t end, struct note *ret)
{
	enum { SENTENCE_MAX = 160 };
	struct reading r = { 0 };
	while (end > start && (d->p.c[end - 1] == 0x3002 || d->p.c[end - 1] == '.' || d->p.c[end - 1] == ';'))
		end--;
	if (!may_be_roles(d, start, end))
		return false;
	start = skip_by(d, start, end);
	if (end - start < 4 || end - start > SENTENCE_MAX || !has_role_word(d, start, end))
		return false;
	enum role role = ROLE_NONE;
	uint32_t body = read_label(d, start, end, &role);
	if (body > start && (role == ROLE_IGNORED || (!term_ending(d, start, body - 1, MARK_LABEL) && !is_letter(d->p.c[start]))))
		return false;
	if (latin_only(d, start, end)) {
		if (body == start || !read_english(d, start, end, &r))
			return false;
	} else {
		read_segments(d, start, end, &r);
	}
	if (r.foreign || r.loose || !(r.roles || r.labelled) || r.pending.n)
		return false;
	assign(d, &r, r.first_leads, ret);
	return ret->leads.n || ret->cos.n;
}

static uint32_t closer_of(uint32_t c)
{
	return c == '(' ? ')' : c == 0x3010 ? 0x3011 : c == '[' ? ']' : c == 0x3014 ? 0x3015 : 0;
}

struct open_bracket {
	uint32_t at, closer, line;
};

/* 责任单位为两个及以上的，列第一位者为牵头单位 in the preface, outside of brackets: for all notes below. */
static bool preface_says_first_leads(const struct doc *d)
{
	enum { PREFACE = 3000, SPAN = 4 };
	uint32_t end = d->p.n < PREFACE ? d->p.n : PREFACE, depth = 0;
	for (uint32_t i = 0; i < end; i++) {
		uint32_t c = d->p.c[i];
		depth += c == '(';
		depth -= c == ')' && depth;
		if (c == 0x4F4D && !depth && says_first_leads(d, i > SPAN ? i - SPAN : 0, i + 16 < end ? i + 16 : end))
			return true;
	}
	return false;
}

void doc_notes(struct doc *d)
{
	struct open_bracket stack[DEPTH_MAX];
	uint32_t depth = 0, line = 0;
	bool first_leads = preface_says_first_leads(d);
	for (uint32_t i = next_odd(d, 0, d->p.n); i < d->p.n; i = next_odd(d, i + 1, d->p.n)) {
		uint32_t c = d->p.c[i];
		uint32_t closer = closer_of(c);
		line += c == '\n';
		while (depth && (line - stack[depth - 1].line > NOTE_LINES || i - stack[depth - 1].at > NOTE_MAX))
			depth--;
		if (closer && depth < DEPTH_MAX) {
			stack[depth++] = (struct open_bracket){ i, closer, line };
		} else if (depth && c == stack[depth - 1].closer) {
			depth--;
			if (i - stack[depth].at > 3)
				read_bracket(d, stack[depth].at, i, &first_leads);
		}
	}
}
