/* How well and how fast the extraction engine reads: prints precision, recall and F1 by sentence over the
 * golden meeting reports (later: those with numbers above 24, which were measured before they were looked
 * at and have been worked on since), and with DIR given (a folder with
 * docs.jsonl.gz's texts unpacked by the caller: DIR/<id>.txt) over the labelled official documents and
 * their responsibility notes (NOTES.tsv), and the speed in MB/s of one core, utf8_valid beside it.
 *   extract_quality [DIR NOTES.tsv]
 *   extract_quality each PREFIX       the figure of every report whose name starts so, and of all of them
 *   extract_quality mistakes PREFIX   the same with the sentences read wrongly: not for unseen sets */
#include <time.h>

#include "../unit/extract_support.h"
#include "base/utf8.h"

#define MEETINGS "tests/golden/extract/meeting"

struct score {
	size_t tp, fp, fn;
};

struct bench {
	struct arena *a;
	struct lexicon *lx;
};

struct spans {
	struct cue *v;
	size_t n, cap;
};

static double ratio(size_t part, size_t whole)
{
	return whole ? (double)part / (double)whole : 1;
}

static void print_score(const char *name, const struct score *s)
{
	double p = ratio(s->tp, s->tp + s->fp), r = ratio(s->tp, s->tp + s->fn);
	printf("%-42s %5zu right %4zu false %4zu missed   P %.3f  R %.3f  F1 %.3f\n", name, s->tp, s->fp, s->fn, p, r,
	       p + r > 0 ? 2 * p * r / (p + r) : 0);
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- meeting reports ---- */

/* Takes the marks out; the labelled stretches as code points of what is left. */
static str unmark(struct arena *a, str marked, struct spans *ret)
{
	struct buf b = BUF(a);
	size_t cp = 0, start = 0;
	for (size_t i = 0; i < marked.n;) {
		size_t at = i;
		uint32_t c = utf8_next(marked, &i);
		if (c == 0x27E6) {
			start = cp;
		} else if (c == 0x27E7) {
			vec_push(a, ret, (struct cue){ start, cp });
		} else {
			buf_put(&b, str_sub(marked, at, i));
			cp++;
		}
	}
	return b.n ? buf_str(&b) : S("");
}

static bool touches(const struct cue *v, size_t n, struct cue c)
{
	for (size_t i = 0; i < n; i++) {
		size_t from = v[i].start > c.start ? v[i].start : c.start, to = v[i].end < c.end ? v[i].end : c.end;
		if (to > from + 1)
			return true;
	}
	return false;
}

static bool ends_sentence(str s, size_t i, uint32_t c)
{
	if (c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == '!' || c == '?' || c == '\n')
		return true;
	return c == '.' && (i >= s.n || s.p[i] == ' ' || s.p[i] == '\n') && i > 1 &&
	       ((s.p[i - 2] >= 'a' && s.p[i - 2] <= 'z') || s.p[i - 2] == ')');
}

static void split_sentences(struct arena *a, str s, struct spans *ret)
{
	size_t cp = 0, start = 0;
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);
		cp++;
		if (!ends_sentence(s, i, c) && i < s.n)
			continue;
		if (cp > start + 1)
			vec_push(a, ret, (struct cue){ start, cp });
		start = cp;
	}
}

static struct spans directive_spans(struct arena *a, const struct extraction *x)
{
	struct spans s = { 0 };
	for (size_t i = 0; i < x->directives.n; i++)
		vec_push(a, &s, (struct cue){ x->directives.v[i].start, x->directives.v[i].end });
	return s;
}

static void count(struct score *s, bool gold, bool got)
{
	s->tp += gold && got;
	s->fp += !gold && got;
	s->fn += gold && !got;
}

static void print_mistake(str text, struct cue c, bool gold, bool got)
{
	if (gold != got)
		printf("    %s: " STR_FMT "\n", gold ? "missed" : "false", STR_ARG(str_trim(str_sub(text, utf8_offset(text, c.start), utf8_offset(text, c.end)))));
}

static void score_meeting(struct bench *b, const char *name, bool tell, struct score *s)
{
	struct spans gold = { 0 }, sentences = { 0 };
	str text = unmark(b->a, support_slurp(b->a, arena_printf(b->a, "%s/" MEETINGS "/%s", support_root(), name).p), &gold);
	struct extraction x;
	if (extract(b->a, b->lx, text, INT64_MIN, &x) != ERR_OK)
		return;
	struct spans got = directive_spans(b->a, &x);
	split_sentences(b->a, text, &sentences);
	for (size_t i = 0; i < sentences.n; i++) {
		struct cue c = sentences.v[i];
		bool is = touches(gold.v, gold.n, c), read = touches(got.v, got.n, c);
		count(s, is, read);
		if (tell)
			print_mistake(text, c, is, read);
	}
}

static void add(struct score *s, const struct score *one)
{
	s->tp += one->tp;
	s->fp += one->fp;
	s->fn += one->fn;
}

static void score_each(struct bench *b, str prefix, bool tell)
{
	struct score all = { 0 };
	struct support_files f = support_list(b->a, MEETINGS);
	for (int i = 0; i < f.n; i++) {
		struct score one = { 0 };
		if (!str_starts(str_of(f.v[i]->d_name), prefix))
			continue;
		score_meeting(b, f.v[i]->d_name, tell, &one);
		print_score(f.v[i]->d_name, &one);
		add(&all, &one);
	}
	print_score("all of them", &all);
	support_list_free(&f);
}

static void score_meetings(struct bench *b)
{
	struct score by[2][2] = { 0 };
	struct support_files f = support_list(b->a, MEETINGS);
	for (int i = 0; i < f.n; i++) {
		const char *name = f.v[i]->d_name;
		size_t n = strlen(name);
		if (n < 8)
			continue;
		int number = (name[n - 6] - '0') * 10 + (name[n - 5] - '0');
		score_meeting(b, name, false, &by[name[0] == 'e'][number > 24]);
	}
	print_score("meeting reports, Chinese, first 24", &by[0][0]);
	print_score("meeting reports, English, first 24", &by[1][0]);
	if (by[0][1].tp + by[0][1].fn)
		print_score("meeting reports, Chinese, later (mended since)", &by[0][1]);
	if (by[1][1].tp + by[1][1].fn)
		print_score("meeting reports, English, later (mended since)", &by[1][1]);
	support_list_free(&f);
}

/* ---- official documents ---- */

static str column(str line, size_t n)
{
	str piece = { "", 0 };
	for (size_t i = 0; i <= n; i++)
		if (!str_cut(&line, '\t', &piece))
			return S("");
	return piece;
}

static bool read_document(struct bench *b, const char *dir, str id, str *ret_text, struct extraction *x)
{
	*ret_text = support_slurp(b->a, arena_printf(b->a, "%s/" STR_FMT ".txt", dir, STR_ARG(id)).p);
	return !str_is_null(*ret_text) && extract(b->a, b->lx, *ret_text, INT64_MIN, x) == ERR_OK;
}

static void score_directives(struct bench *b, const char *dir)
{
	str rest = support_slurp(b->a, arena_printf(b->a, "%s/tests/golden/extract/gold/directives.tsv", support_root()).p);
	str line, id = { "", 0 }, text;
	struct score by[2] = { 0 };
	struct extraction x;
	struct spans got = { 0 };
	bool have = false;
	while (str_cut(&rest, '\n', &line)) {
		int64_t start, end;
		if (!str_to_i64(column(line, 1), &start) || !str_to_i64(column(line, 2), &end))
			continue;
		if (!str_eq(id, column(line, 0))) {
			id = column(line, 0);
			have = read_document(b, dir, id, &text, &x);
			got = have ? directive_spans(b->a, &x) : (struct spans){ 0 };
		}
		if (have)
			count(&by[str_eq(column(line, 4), S("unseen"))], str_eq(column(line, 3), S("1")),
			      touches(got.v, got.n, (struct cue){ (size_t)start, (size_t)end }));
	}
	print_score("official documents, sentences, seen", &by[0]);
	print_score("official documents, sentences, unseen", &by[1]);
}

static str joined(struct arena *a, const struct unit_refs *u)
{
	struct buf b = BUF(a);
	for (size_t i = 0; i < u->n; i++) {
		if (i)
			buf_put(&b, S("、"));
		buf_put(&b, u->v[i].name);
	}
	return b.n ? buf_str(&b) : S("");
}

static void score_notes_of(struct bench *b, const char *dir, str id, str gold, struct score *s)
{
	struct extraction x;
	str text, line;
	size_t want = 0, right = 0;
	if (!read_document(b, dir, id, &text, &x))
		return;
	while (str_cut(&gold, '\n', &line)) {
		int64_t start;
		if (!str_eq(column(line, 0), id) || !str_to_i64(column(line, 1), &start))
			continue;
		want++;
		for (size_t i = 0; i < x.notes.n; i++)
			right += x.notes.v[i].start == (size_t)start && str_eq(joined(b->a, &x.notes.v[i].leads), column(line, 3)) &&
				 str_eq(joined(b->a, &x.notes.v[i].cos), column(line, 4));
	}
	s->tp += right;
	s->fn += want - right;
	s->fp += x.notes.n - right;
}

static void score_notes(struct bench *b, const char *dir, const char *notes)
{
	struct score s = { 0 };
	str gold = support_slurp(b->a, notes);
	struct dirent **names;
	int n = scandir(dir, &names, support_txt, alphasort);
	for (int i = 0; i < n; i++) {
		str id = str_of(names[i]->d_name);
		id.n -= 4;
		score_notes_of(b, dir, arena_str(b->a, id), gold, &s);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	print_score("responsibility notes, all documents", &s);
}

/* ---- speed ---- */

static double processor_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double run_once(struct bench *b, str text, bool whole)
{
	double start = processor_seconds(), bytes = 0;
	bool valid = true;
	while (processor_seconds() - start < 0.3) {
		AUTO(arena_drop) struct arena *a = arena_new();
		struct extraction x;
		if (whole)
			valid = extract(a, b->lx, text, INT64_MIN, &x) == ERR_OK && valid;
		else
			valid = utf8_valid(text) && valid;
		bytes += (double)text.n;
	}
	return valid ? bytes / (processor_seconds() - start) / 1e6 : 0;
}

/* MB/s of processor time, the best of some runs: what else the machine does is not of interest here. */
static double run_for(struct bench *b, str text, bool whole)
{
	double best = 0;
	for (int i = 0; i < 6; i++) {
		double once = run_once(b, text, whole);
		best = once > best ? once : best;
	}
	return best;
}

static str speed_text(struct bench *b, const char *dir)
{
	struct buf all = BUF(b->a);
	struct dirent **names;
	int n = dir ? scandir(dir, &names, support_txt, alphasort) : -1;
	for (int i = 0; i < n; i++) {
		if (all.n < 300000)
			buf_put(&all, support_slurp(b->a, arena_printf(b->a, "%s/%s", dir, names[i]->d_name).p));
		free(names[i]);
	}
	if (n >= 0) {
		free(names);
		return buf_str(&all);
	}
	for (int i = 1; i <= 12; i++)
		buf_put(&all, support_slurp(b->a, arena_printf(b->a, "%s/" MEETINGS "/zh%02d.txt", support_root(), i).p));
	return buf_str(&all);
}

int main(int argc, char **argv)
{
	struct bench b = { .a = arena_new() };
	struct fail f = { 0 };
	double start = seconds();
	b.lx = support_lexicon(b.a, &f);
	if (!b.lx) {
		fprintf(stderr, "catalog: %s %s %s\n", f.key ? f.key : "", f.args[0].text, f.args[1].text);
		return 1;
	}
	if (argc == 3 && (!strcmp(argv[1], "each") || !strcmp(argv[1], "mistakes"))) {
		score_each(&b, str_of(argv[2]), argv[1][0] == 'm');
		arena_free(b.a);
		return 0;
	}
	printf("catalogs loaded in %.1f ms\n", (seconds() - start) * 1e3);
	score_meetings(&b);
	if (argc == 3) {
		score_directives(&b, argv[1]);
		score_notes(&b, argv[1], argv[2]);
	}
	str text = speed_text(&b, argc == 3 ? argv[1] : NULL);
	double mbs = run_for(&b, text, true), valid = run_for(&b, text, false);
	printf("speed %.1f MB/s of Chinese text on one core (utf8_valid: %.0f MB/s, ratio %.3f)\n", mbs, valid, mbs / valid);
	arena_free(b.a);
	return 0;
}
