/* Sentence by sentence through the document: what gives orders, and what each order says. */
#include "decide/extract_parts.h"

enum { HEADING_MAX = 40, RUN_IN_MAX = 24, TITLE_LINE_MAX = 48 };
static const double threshold = DIRECTIVE_LEAST;

struct reading {
	enum context context;
	bool past_section; /* under a heading such as 工作回顾 */
	uint32_t past_line; /* line + 1 whose opening told of the past */
	uint32_t problem_line; /* line + 1 where problems are told one by one */
	uint32_t heading;   /* line + 1 of the last heading */
	size_t since_note;  /* first directive that a following label line speaks of */
	bool label_led;     /* a label line has named their leads */
	size_t line_first;  /* first directive of this line */
	size_t measures;    /* first directive below 整改措施： + 1, or 0 */
	struct deadline due; /* 整改时限：… above the measures, for those without one */
	bool has_due;
	struct targets targets; /* 整改目标：… likewise */
};

static enum context base_context(const struct doc *d, const struct reading *r)
{
	return d->report || r->past_section ? CONTEXT_NONE : CONTEXT_PLAN;
}

/* ---- what kind of document ---- */

static bool report_word(const struct doc *d, const struct hit *h)
{
	if (h->mark == MARK_ORDER) {
		uint32_t next = h->end < d->p.n ? d->p.c[h->end] : 0;
		return next == ',' || next == ':' || next == 0x201C || (h->english && hit_term(d, h)->weight < 1);
	}
	return h->mark == MARK_REPORT && hit_term(d, h)->weight >= 1 &&
	       (plain_is(d, h->start, h->end, "主持") || plain_is(d, h->start, h->end, "出席") ||
		plain_is(d, h->start, h->end, "召开") || plain_is(d, h->start, h->end, "听取") || h->english);
}

/* Reports speak of meetings; plans and regulations hardly do. */
static bool is_report(struct doc *d)
{
	struct hits *h = &d->hits[POOL_RULE];
	enum { HEAD = 3000 };
	size_t n = 0, chars = d->p.n < HEAD ? d->p.n : HEAD;
	for (size_t i = 0; i < h->n && h->v[i].start < chars; i++)
		n += report_word(d, &h->v[i]);
	return n >= 2 && n * 700 >= chars;
}

/* ---- headings ---- */

static bool about_past(const struct doc *d, uint32_t start, uint32_t end)
{
	static const char *const words[] = { "回顾", "总结", "成效", "进展情况", "成绩", "存在问题", "存在的问题", "主要问题",
					     "基本情况", "面临的形势", "工作情况", "突出问题", "差距", "不足",
					     "总体要求", "指导思想", "基本原则", "工作原则", "总体思路" };
	static const char *const english[] = { "situation", "background", "opening", "any other business", "review of", "attendance" };
	end = end - start > HEADING_MAX ? start + HEADING_MAX : end;
	if (plain_find(d, start, end, "整改") < end || plain_find(d, start, end, "解决") < end)
		return false;
	bool latin = start < end && is_letter(d->p.c[start]);
#define FIRST(c) ((uint64_t)1 << ((c) & 63))
	/* of the words: most places are passed by */
	static const uint64_t firsts = FIRST(u'回') | FIRST(u'总') | FIRST(u'成') | FIRST(u'进') | FIRST(u'存') | FIRST(u'主') |
				       FIRST(u'基') | FIRST(u'面') | FIRST(u'工') | FIRST(u'突') | FIRST(u'差') | FIRST(u'不') | FIRST(u'指');
#undef FIRST
	for (uint32_t at = start; at < end && !latin; at++)
		for (size_t i = 0; i < COUNT_OF(words) && firsts >> (d->p.c[at] & 63) & 1; i++)
			if (plain_is(d, at, end, words[i]))
				return true;
	for (size_t i = 0; i < COUNT_OF(english) && latin; i++)
		if (plain_find(d, start, end, english[i]) < end)
			return true;
	return false;
}

static bool has_comma(const struct doc *d, uint32_t start, uint32_t end)
{
	for (uint32_t i = next_odd(d, start, end); i < end; i = next_odd(d, i + 1, end))
		if (d->p.c[i] == ',' || d->p.c[i] == ';')
			return true;
	return false;
}

static bool is_heading(const struct doc *d, const struct line *l)
{
	uint32_t n = l->end - l->body;
	if (!(l->flags & LINE_OPEN) || l->nsentences > 1)
		return false;
	if (d->p.c[l->start] == '#')
		return true;
	bool english = (l->flags & LINE_ENGLISH) != 0;
	if (l->flags & LINE_NUMBERED && !(l->flags & LINE_BULLET))
		return english ? n <= 60 && !plain_ends(d, l->start, l->end, ".") && !has_comma(d, l->body, l->end)
			       : n <= HEADING_MAX && !(n > RUN_IN_MAX && plain_find(d, l->body, l->end, "前") < l->end);
	if (l->flags & LINE_BULLET)
		return false;
	return n <= (english ? 2 * TITLE_LINE_MAX : TITLE_LINE_MAX) || !has_comma(d, l->start, l->end);
}

/* （一）加强组织领导。各级…: the words between number and first full stop. */
static bool is_run_in(const struct doc *d, const struct sentence *s, const struct line *l)
{
	if (!(l->flags & LINE_NUMBERED) || s->start != l->start || l->nsentences < 2)
		return false;
	uint32_t n = s->end - l->body;
	if (l->flags & LINE_ENGLISH)
		return n <= 40 && !has_comma(d, l->body, s->end);
	if (d->p.c[l->start] == 0x7B2C && plain_find(d, l->body, s->end, "要") < s->end) /* 第一，手里要有硬办法。 */
		return false;
	if (n > RUN_IN_MAX || has_comma(d, l->body, s->end) || plain_is(d, l->body, s->end, "要"))
		return false;
	return d->p.c[s->end - 1] == 0x3002;
}

/* Label lines that follow speak of the directives from here on. */
static void speak_of_next(const struct doc *d, struct reading *r)
{
	r->since_note = d->x->directives.n;
	r->label_led = false;
}

/* A new problem or section: what label lines said above is over. */
static void forget_labels(const struct doc *d, struct reading *r)
{
	speak_of_next(d, r);
	r->measures = 0;
	r->has_due = false;
	r->targets = (struct targets){ 0 };
}

static void open_section(struct doc *d, struct reading *r, uint32_t index)
{
	struct line *l = &d->lines.v[index];
	l->flags |= LINE_HEADING;
	r->heading = index + 1;
	forget_labels(d, r);
	bool counts = l->flags & LINE_NUMBERED || d->p.c[l->start] == '#' || d->report || l->end - l->body <= 16;
	bool past = counts && about_past(d, l->body, l->end);
	if (past || l->flags & LINE_NUMBERED || d->p.c[l->start] == '#')
		r->past_section = past;
	r->context = base_context(d, r);
	if (d->report && !past && l->flags & LINE_NUMBERED)
		r->context = CONTEXT_ORDER;
}

/* ---- one directive ---- */

static struct range without_tail(const struct doc *d, uint32_t start, uint32_t end)
{
	struct range r = plain_trim(d, start, end);
	while (r.end > r.start && (d->p.c[r.end - 1] == ';' || is_space(d->p.c[r.end - 1])))
		r.end--;
	return r;
}

/* 会议强调，: the clause that only names who speaks is not part of the order. */
static uint32_t behind_speaker(const struct doc *d, struct range r)
{
	enum { SPEAKER_MAX = 40 };
	for (uint32_t i = next_odd(d, r.start, r.end); i < r.end && i - r.start < SPEAKER_MAX; i = next_odd(d, i + 1, r.end)) {
		uint32_t c = d->p.c[i];
		if (c != ',' && c != ':')
			continue;
		const struct lexeme *t = term_ending(d, r.start, i, MARK_ORDER);
		return t && !t->english && i + 4 < r.end ? i + 1 : r.start;
	}
	return r.start;
}

/* What stands behind the verb; an order without one has none. */
static struct range object_of(const struct doc *d, const struct verdict *v)
{
	if (!v->verb_end)
		return (struct range){ 0, 0 };
	struct range o = plain_trim(d, v->verb_end, v->clause_end);
	while (o.end > o.start && (d->p.c[o.end - 1] == 0x3002 || d->p.c[o.end - 1] == '!' || d->p.c[o.end - 1] == '.' ||
				   d->p.c[o.end - 1] == ')'))
		o.end--;
	return o;
}

static double confidence_of(const struct verdict *v, const struct directive *dir)
{
	double c = v->score + (dir->has_deadline ? 0.03 : 0) + (dir->leads.n ? 0.03 : 0) + (dir->targets.n ? 0.02 : 0);
	return c > 0.99 ? 0.99 : c;
}

static void push_directive(struct doc *d, const struct sentence *s, struct range r, const struct verdict *v)
{
	bool numbered, bullet;
	r.start = skip_number(d, behind_speaker(d, r), r.end, &numbered, &bullet);
	r = without_tail(d, r.start, r.end);
	if (r.start >= r.end)
		return;
	struct cue span = plain_cue(d, r.start, r.end);
	struct directive dir = { .start = span.start, .end = span.end, .text = plain_slice(d, r.start, r.end),
				 .note = EXTRACT_NONE };
	struct range object = object_of(d, v);
	dir.action = plain_slice(d, v->verb, v->verb_end);
	dir.action_cue = plain_cue(d, v->verb, v->verb_end);
	dir.object = plain_slice(d, object.start, object.end);
	dir.object_cue = plain_cue(d, object.start, object.end);
	units_inline(d, r.start, r.end, &dir);
	dir.has_deadline = deadline_find(d, r.start, r.end, &dir.deadline);
	targets_find(d, r.start, r.end, &dir.targets);
	sectors_find(d, s, r.start, r.end, &dir.sectors);
	for (size_t i = 0; i < v->reasons.n; i++)
		vec_push_few(d->a, &dir.reasons, plain_cue(d, v->reasons.v[i].start, v->reasons.v[i].end));
	dir.confidence = confidence_of(v, &dir);
	vec_push(d->a, &d->x->directives, dir);
}

/* ---- one sentence ---- */

static void take_units(struct directive *dir, const struct note *n, bool led)
{
	if (n->leads.n && led)
		dir->cos = n->leads; /* 责任单位 below 牵头单位 */
	else if (n->leads.n)
		dir->leads = n->leads;
	if (n->cos.n)
		dir->cos = n->cos;
}

static void read_pieces(struct doc *d, const struct sentence *s, enum context context, const struct verdict *whole)
{
	struct piece p[PIECES_MAX];
	size_t n = pieces_of(d, s, context, whole, p);
	for (size_t i = 0; i < n; i++) {
		size_t before = d->x->directives.n;
		push_directive(d, s, p[i].r, &p[i].v);
		if (!p[i].same_units || !before || d->x->directives.n == before)
			continue;
		struct directive *dir = &d->x->directives.v[before];
		if (!dir->leads.n && !dir->cos.n)
			take_units(dir, &(struct note){ .leads = dir[-1].leads, .cos = dir[-1].cos }, false);
	}
}

/* A bracket alone, or what is left of one, is no sentence. */
static bool only_bracket(const struct doc *d, const struct sentence *s)
{
	uint32_t first = d->p.c[s->start], last = d->p.c[s->end - 1];
	if (last == 0x3002 && s->end - s->start > 1)
		last = d->p.c[s->end - 2];
	return (first == '(' && last == ')') || (first == 0x3010 && last == 0x3011);
}

static double floor_for(const struct doc *d, const struct line *l)
{
	bool open = (l->flags & LINE_OPEN) != 0, item = (l->flags & (LINE_BULLET | LINE_NUMBERED)) != 0;
	return open && !item && d->report ? 0.8 : threshold;
}

/* 由甲牵头，乙配合。 gives its units to the task in front of it. */
static bool role_sentence(struct doc *d, const struct reading *r, const struct sentence *s)
{
	const struct line *l = &d->lines.v[s->line];
	struct note n = { 0 };
	bool item = (l->flags & (LINE_NUMBERED | LINE_BULLET)) != 0;
	size_t last = d->x->directives.n, from = s->start == l->start && !item ? r->since_note : r->line_first;
	if (from >= last || !role_sentence_read(d, s->start, s->end, &n))
		return false;
	for (size_t i = item ? from : last - 1; i < last; i++) {
		struct directive *dir = &d->x->directives.v[i];
		if (!dir->leads.n && !dir->cos.n)
			take_units(dir, &n, false);
	}
	return true;
}

/* 开展大检查。由甲牵头。: a heading run in is the task itself when only its units follow. */
static bool followed_by_roles(struct doc *d, const struct sentence *s, const struct line *l)
{
	struct note n = { 0 };
	const struct sentence *next = s + 1;
	return next < d->sentences.v + l->sentence + l->nsentences && role_sentence_read(d, next->start, next->end, &n);
}

/* 下一步，甲镇将继续…: what the paper says at the end of a report, no order. */
static bool tells_next_step(const struct doc *d, const struct sentence *s)
{
	static const char *const words[] = { "下一步,", "接下来,", "下阶段,", "今后,", "下步," };
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (plain_is(d, s->start, s->end, words[i]))
			return true;
	return false;
}

static void read_sentence(struct doc *d, struct reading *r, const struct sentence *s)
{
	const struct line *l = &d->lines.v[s->line];
	struct verdict v;
	if (only_bracket(d, s) || s->end - s->start < 4)
		return;
	if (role_sentence(d, r, s))
		return;
	if (item_tells_problem(d, &r->problem_line, s) || (d->report && item_is_slogan(d, s, l)))
		return;
	if (is_run_in(d, s, l) && !followed_by_roles(d, s, l)) {
		if (about_past(d, s->start, s->end))
			r->past_line = s->line + 1;
		return;
	}
	enum context c = r->past_line == s->line + 1 && r->context != CONTEXT_ORDER ? CONTEXT_NONE : r->context;
	if (d->report && s->start == l->start && tells_next_step(d, s))
		c = CONTEXT_NONE;
	judge_piece(d, s, (struct range){ s->start, s->end }, c, &v);
	if (v.score >= floor_for(d, l))
		read_pieces(d, s, c, &v);
	if (v.orders) {
		r->context = d->report ? (l->flags & LINE_COLON || v.score >= threshold ? CONTEXT_ORDER : CONTEXT_WEAK)
				       : r->context;
		r->past_line = 0;
	} else if (v.score >= 0.8 && d->report) {
		r->context = CONTEXT_ORDER;
	} else if (v.score < threshold && v.narrates) {
		r->past_line = s->line + 1;
		if (d->report)
			r->context = CONTEXT_NONE;
	}
}

/* ---- label lines: 责任单位：甲、乙 below a task ---- */

static void take_labels(struct directive *dir, const struct deadline *due, const struct targets *targets)
{
	if (due && !dir->has_deadline) {
		dir->deadline = *due;
		dir->has_deadline = true;
	}
	if (!dir->targets.n)
		dir->targets = *targets;
}

/* 整改措施： opens measures, 反馈问题：… is not one. */
static bool opening_label(struct doc *d, struct reading *r, const struct line *l)
{
	uint32_t body = l->end;
	enum label kind = label_kind(d, l->body, l->end, &body);
	if (kind == LABEL_QUIET)
		forget_labels(d, r);
	if (kind != LABEL_TASK)
		return kind == LABEL_QUIET;
	speak_of_next(d, r);
	r->measures = d->x->directives.n + 1;
	if (l->nsentences && body < d->sentences.v[l->sentence].end) /* 整改措施：一是… */
		d->sentences.v[l->sentence].start = body;
	return body >= l->end;
}

/* 整改时限：2027年9月30日 is a deadline without 前. */
static bool label_due(struct doc *d, const struct line *l, struct deadline *ret)
{
	if (deadline_find(d, l->body, l->end, ret))
		return true;
	struct range r = plain_trim(d, plain_find(d, l->body, l->end, ":"), l->end);
	uint32_t at = plain_trim(d, r.start + 1 < r.end ? r.start + 1 : r.end, r.end).start, end = at;
	int64_t day = 0;
	if (!term_ending(d, l->body, r.start, MARK_LABEL_OTHER) || !date_at(d, at, r.end, &day, &end))
		return false;
	*ret = (struct deadline){ .text = plain_slice(d, at, end), .cue = plain_cue(d, at, end), .has_due = true,
				  .due_day = day, .recurs = { "", 0 } };
	return true;
}

/* What the label lines say is for the directives above them, or for those below when there are none yet. */
static bool label_line(struct doc *d, struct reading *r, const struct line *l)
{
	struct note n = { 0 };
	struct deadline due;
	struct targets targets = { 0 };
	if (!(l->flags & LINE_COLON) && plain_find(d, l->body, l->end - l->body > 26 ? l->body + 26 : l->end, ":") >= l->body + 26)
		return false;
	if (opening_label(d, r, l))
		return true;
	if (l->end - l->start > 200 || !label_line_read(d, l->body, l->end, &n))
		return false;
	bool has_due = label_due(d, l, &due);
	if (plain_find(d, l->body, l->end, "目标") < l->end || is_letter(d->p.c[l->body]))
		targets_find(d, l->body, l->end, &targets);
	size_t from = r->measures ? r->measures - 1 : r->since_note;
	for (size_t i = from; i < d->x->directives.n; i++) {
		struct directive *dir = &d->x->directives.v[i];
		if (i >= r->since_note || !dir->leads.n)
			take_units(dir, &n, i >= r->since_note && r->label_led);
		take_labels(dir, has_due ? &due : NULL, &targets);
	}
	r->label_led = r->label_led || n.leads.n;
	if (from == d->x->directives.n && has_due) {
		r->due = due;
		r->has_due = true;
	}
	if (from == d->x->directives.n && targets.n)
		r->targets = targets;
	return true;
}

static void inherit(struct doc *d, const struct reading *r, size_t from)
{
	for (size_t i = from; i < d->x->directives.n && (r->has_due || r->targets.n); i++)
		take_labels(&d->x->directives.v[i], r->has_due ? &r->due : NULL, &r->targets);
}

/* ---- notes to directives ---- */

static bool paragraph_of(const struct doc *d, size_t start, size_t note)
{
	/* the note's paragraph: back to the last line end but one in front of it */
	uint32_t breaks = 0;
	size_t lo = 0, hi = d->lines.n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (plain_orig(d, d->lines.v[mid].start) <= note)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (size_t i = lo; i-- > 0 && breaks < 6; breaks++) {
		const struct line *l = &d->lines.v[i];
		if (plain_orig(d, l->start) <= start)
			return !(l->flags & LINE_HEADING);
		if (l->flags & LINE_HEADING || (breaks == 0 && plain_orig(d, l->start) + 4 < note))
			return false;
	}
	return false;
}

static void give_notes(struct doc *d)
{
	struct directives *v = &d->x->directives;
	const struct notes *notes = &d->x->notes;
	size_t i = 0;
	for (size_t n = 0; n < notes->n; n++) {
		const struct note *note = &notes->v[n];
		for (; i < v->n && v->v[i].start < note->start; i++) {
			if (!paragraph_of(d, v->v[i].start, note->start))
				continue;
			v->v[i].note = n;
			v->v[i].leads = note->leads;
			v->v[i].cos = note->cos;
		}
	}
}

static bool in_title(const struct doc *d, const struct line *l)
{
	size_t at = plain_orig(d, l->start);
	const struct cue *t = &d->x->title.cue;
	return t->end > t->start && at >= t->start && at < t->end;
}

void doc_directives(struct doc *d)
{
	struct reading r = { 0 };
	d->report = is_report(d);
	r.context = base_context(d, &r);
	vec_reserve(d->a, &d->x->directives, d->sentences.n / 2);
	for (uint32_t i = 0; i < d->lines.n; i++) {
		struct line *l = &d->lines.v[i];
		if (l->flags & LINE_CLUTTER)
			continue;
		if (label_line(d, &r, l))
			continue;
		if (is_heading(d, l) || in_title(d, l)) {
			open_section(d, &r, i);
			continue;
		}
		if (l->flags & LINE_NUMBERED)
			speak_of_next(d, &r);
		size_t before = d->x->directives.n;
		r.line_first = before;
		for (uint32_t s = 0; s < l->nsentences; s++)
			read_sentence(d, &r, &d->sentences.v[l->sentence + s]);
		inherit(d, &r, before);
	}
	give_notes(d);
}
