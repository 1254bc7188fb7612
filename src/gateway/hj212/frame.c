#include "gateway/hj212/frame.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

const char *hj212_fault_name(enum hj212_fault f)
{
	static const char *const names[] = {
#define X(id, name) name,
		HJ212_FAULTS(X)
#undef X
	};
	return names[f];
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_of(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool hex4(const char *p, uint16_t *ret)
{
	int v = 0;
	for (int i = 0; i < 4; i++) {
		int h = hex_of(p[i]);
		if (h < 0)
			return false;
		v = v << 4 | h;
	}
	*ret = (uint16_t)v;
	return true;
}

static bool digits4(const char *p, int *ret)
{
	int v = 0;
	for (int i = 0; i < 4; i++) {
		if (!is_digit(p[i]))
			return false;
		v = v * 10 + (p[i] - '0');
	}
	*ret = v;
	return true;
}

/* ---- framing ---- */

/* A packet's beginning at `p`: "##0123", or "#0123" when the first # was lost. */
struct opening {
	size_t head;       /* bytes before the segment */
	int declared;
	bool one_hash;
};

static bool opens(const char *p, size_t n, struct opening *ret)
{
	size_t hashes = n > 1 && p[0] == '#' && p[1] == '#' ? 2 : p[0] == '#' ? 1 : 0;
	if (!hashes || n < hashes + 4 || !digits4(p + hashes, &ret->declared))
		return false;
	ret->head = hashes + 4;
	ret->one_hash = hashes == 1;
	return true;
}

/* Bytes from `at` that cannot begin a packet. Stops where one might. */
static size_t junk_before(str in, size_t at)
{
	const char *hash = at < in.n ? memchr(in.p + at, '#', in.n - at) : NULL;
	return hash ? (size_t)(hash - in.p) : in.n;
}

static size_t line_end(str in, size_t at, bool *ret_none)
{
	size_t i = at;
	if (i < in.n && in.p[i] == '\r')
		i++;
	if (i < in.n && in.p[i] == '\n')
		i++;
	*ret_none = i == at;
	return i;
}

static size_t take(const struct hj212_crc *t, str in, const struct opening *o, size_t length, enum hj212_fault fault,
		   struct hj212_frame *ret)
{
	str segment = str_sub(in, o->head, o->head + length);
	bool none;
	*ret = (struct hj212_frame){ .raw = str_sub(in, 0, o->head + length + 4), .segment = segment,
				     .declared = o->declared, .one_hash = o->one_hash, .fault = fault };
	(void)hex4(in.p + o->head + length, &ret->sent);
	ret->crc = hj212_crc_kind(t, segment, ret->sent);
	if (fault == HJ212_FAULT_NONE && ret->crc != HJ212_CRC_STANDARD)
		ret->fault = HJ212_FAULT_CRC;
	size_t end = line_end(in, o->head + length + 4, &none);
	ret->no_crlf = none;
	return end;
}

/* Does a segment end at `at` (behind "&&"), with a check sum and something that ends a packet behind it? */
static bool ends_at(str in, size_t at, bool last)
{
	uint16_t sum;
	if (at < 2 || in.n < at + 4 || in.p[at - 1] != '&' || in.p[at - 2] != '&' || !hex4(in.p + at, &sum))
		return false;
	if (in.n == at + 4)
		return last;
	char c = in.p[at + 4];
	return c == '\r' || c == '\n' || c == '#';
}

/* The length field is wrong: the end is where it looks like one. 0: not found in `in`. */
static size_t search_end(str in, size_t head, bool last)
{
	size_t limit = in.n < head + HJ212_SEGMENT_MAX ? in.n : head + HJ212_SEGMENT_MAX;
	for (size_t i = head; i + 1 < limit; i++) {
		const char *amp = memchr(in.p + i, '&', limit - i - 1);
		if (!amp)
			return 0;
		i = (size_t)(amp - in.p);
		if (in.p[i + 1] == '&' && ends_at(in, i + 2, last))
			return i + 2;
		if (in.p[i + 1] == '#')
			continue;
	}
	return 0;
}

/* Another packet begins before this one ended: this one is cut off. */
static bool another_begins(str in, size_t from, size_t *ret_at)
{
	for (size_t i = from; i + 6 <= in.n; i++) {
		const char *hash = memchr(in.p + i, '#', in.n - i);
		int n;
		if (!hash)
			return false;
		i = (size_t)(hash - in.p);
		if (i + 6 <= in.n && in.p[i + 1] == '#' && digits4(in.p + i + 2, &n)) {
			*ret_at = i;
			return true;
		}
	}
	return false;
}

static size_t no_end(str in, const struct opening *o, bool last, enum hj212_found *ret_found)
{
	size_t next;
	*ret_found = HJ212_JUNK;
	if (another_begins(in, o->head, &next))
		return next;
	if (last)
		return in.n;
	if (in.n >= HJ212_RAW_MAX)
		return junk_before(in, 1); /* nothing that long is a packet */
	*ret_found = HJ212_MORE;
	return 0;
}

static size_t find_end(const struct hj212_crc *t, str in, const struct opening *o, bool last, struct hj212_frame *ret,
		       enum hj212_found *ret_found)
{
	size_t end = search_end(in, o->head, last), next;
	bool cut = another_begins(in, o->head, &next) && (!end || next < end);
	if (!end || cut)
		return no_end(in, o, last, ret_found);
	*ret_found = HJ212_FRAME;
	return take(t, in, o, end - o->head, HJ212_FAULT_LENGTH, ret);
}

size_t hj212_next(const struct hj212_crc *t, str in, bool last, struct hj212_frame *ret, enum hj212_found *ret_found)
{
	struct opening o;
	uint16_t sum;
	size_t junk = junk_before(in, 0);
	*ret_found = HJ212_JUNK;
	if (junk || !in.n)
		return *ret_found = junk ? HJ212_JUNK : HJ212_MORE, junk;
	if (!opens(in.p, in.n, &o)) {
		if (in.n < 6 && !last)
			return *ret_found = HJ212_MORE, 0;
		return junk_before(in, 1);
	}
	size_t length = (size_t)o.declared, whole = o.head + length + 4;
	if (in.n >= whole && length >= 2 && in.p[o.head + length - 1] == '&' && in.p[o.head + length - 2] == '&' &&
	    hex4(in.p + o.head + length, &sum)) {
		*ret_found = HJ212_FRAME;
		return take(t, in, &o, length, HJ212_FAULT_NONE, ret);
	}
	if (in.n < whole && !last && !search_end(in, o.head, last)) {
		size_t next;
		if (!another_begins(in, o.head, &next))
			return *ret_found = HJ212_MORE, 0;
	}
	return find_end(t, in, &o, last, ret, ret_found);
}

/* ---- the segment ---- */

static int small_number(str s, int max)
{
	int v = 0;
	if (!s.n || s.n > 4)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return v <= max ? v : -1;
}

static str *field_named(struct hj212_head *h, str name)
{
	if (name.n == 2)
		switch (name.p[0] << 8 | name.p[1]) {
		case 'Q' << 8 | 'N': return &h->qn;
		case 'S' << 8 | 'T': return &h->st;
		case 'C' << 8 | 'N': return &h->cn;
		case 'P' << 8 | 'W': return &h->pw;
		case 'M' << 8 | 'N': return &h->mn;
		default: return NULL;
		}
	return str_eq(name, S("Flag")) ? &h->flag_text : str_eq(name, S("PNUM")) ? &h->pnum_text : str_eq(name, S("PNO")) ? &h->pno_text : NULL;
}

static void take_field(struct hj212_head *h, str name, str value)
{
	str *to = field_named(h, name);
	if (to)
		*to = value;
}

/* The fields before CP; a comma for a semicolon, and none before CP, have been seen in the standard itself. */
static void take_fields(struct hj212_head *h, str fields)
{
	size_t from = 0, equals = SIZE_MAX;
	for (size_t i = 0; i <= fields.n; i++) {
		char c = i < fields.n ? fields.p[i] : ';';
		if (c == '=' && equals == SIZE_MAX)
			equals = i;
		if (c != ';' && c != ',')
			continue;
		if (equals != SIZE_MAX)
			take_field(h, str_trim(str_sub(fields, from, equals)), str_trim(str_sub(fields, equals + 1, i)));
		from = i + 1;
		equals = SIZE_MAX;
	}
}

/* Where "CP=&&" begins, -1: nowhere. */
static ptrdiff_t find_cp(str s)
{
	for (size_t i = 0; i + 5 <= s.n; i++) {
		const char *c = memchr(s.p + i, 'C', s.n - i - 4);
		if (!c)
			return -1;
		i = (size_t)(c - s.p);
		if (memcmp(c, "CP=&&", 5) == 0)
			return (ptrdiff_t)i;
	}
	return -1;
}

bool hj212_head(str segment, struct hj212_head *ret)
{
	struct hj212_head h = { .flag = -1 };
	ptrdiff_t cp = find_cp(segment);
	take_fields(&h, cp < 0 ? segment : str_sub(segment, 0, (size_t)cp));
	if (cp >= 0) {
		h.cp = str_sub(segment, (size_t)cp + 5, segment.n);
		h.whole = h.cp.n >= 2 && str_ends(h.cp, S("&&"));
		if (h.whole)
			h.cp.n -= 2;
	}
	h.flag = small_number(h.flag_text, 255);
	h.pnum = small_number(h.pnum_text, 9999);
	h.pno = small_number(h.pno_text, 9999);
	h.pnum = h.pnum < 0 ? 0 : h.pnum;
	h.pno = h.pno < 0 ? 0 : h.pno;
	if (cp < 0 && !h.cn.n)
		return false;
	*ret = h;
	return true;
}

int hj212_version(const struct hj212_head *h)
{
	return h->flag < 0 ? 0 : h->flag >> 2;
}

bool hj212_pair(str *rest, struct hj212_pair *pair)
{
	str before = pair->code;
	for (;;) {
		size_t i = 0;
		while (rest->n && (rest->p[0] == ';' || rest->p[0] == ',' || rest->p[0] == ' ')) {
			pair->group = pair->group || rest->p[0] == ';';
			*rest = str_sub(*rest, 1, rest->n);
		}
		if (!rest->n)
			return false;
		bool text = false; /* log texts between // and // may hold anything */
		for (; i < rest->n && (text || (rest->p[i] != ';' && rest->p[i] != ',')); i++)
			if (i + 1 < rest->n && rest->p[i] == '/' && rest->p[i + 1] == '/') {
				text = !text;
				i++;
			}
		str one = str_sub(*rest, 0, i);
		*rest = str_sub(*rest, i, rest->n);
		ptrdiff_t eq = str_find_char(one, '=');
		if (eq <= 0)
			continue; /* a word without a value says nothing */
		pair->name = str_trim(str_sub(one, 0, (size_t)eq));
		pair->value = str_trim(str_sub(one, (size_t)eq + 1, one.n));
		break;
	}
	ptrdiff_t dash = str_find_char(pair->name, '-');
	pair->code = dash > 0 ? str_sub(pair->name, 0, (size_t)dash) : pair->name;
	pair->field = dash > 0 ? str_sub(pair->name, (size_t)dash + 1, pair->name.n) : (str){ "", 0 };
	while (pair->field.n && pair->field.p[0] == '-') /* w01018--Avg */
		pair->field = str_sub(pair->field, 1, pair->field.n);
	if (dash <= 0 && str_eq(pair->name, S("Flag")) && before.n) {
		pair->field = pair->name;
		pair->code = before;
	}
	return true;
}

static int part(const char *p, int n)
{
	int v = 0;
	for (int i = 0; i < n; i++)
		v = v * 10 + (p[i] - '0');
	return v;
}

bool hj212_time(str s, int64_t *ret_ms)
{
	if (s.n < 14)
		return false;
	for (int i = 0; i < 14; i++)
		if (!is_digit(s.p[i]))
			return false;
	int y = part(s.p, 4), m = part(s.p + 4, 2), d = part(s.p + 6, 2);
	int hour = part(s.p + 8, 2), minute = part(s.p + 10, 2), second = part(s.p + 12, 2);
	if (hour > 23 || minute > 59 || second > 59 || !date_ymd_valid(y, m, d))
		return false;
	*ret_ms = ((date_from_ymd(y, m, d) * 24 + hour - 8) * 60 + minute) * 60000 + second * 1000; /* the device's clock is China's */
	return true;
}

size_t hj212_write(const struct hj212_crc *t, str segment, char *out)
{
	if (segment.n > HJ212_SEGMENT_MAX)
		return 0;
	snprintf(out, 7, "##%04u", (unsigned)segment.n);
	memcpy(out + 6, segment.p, segment.n);
	snprintf(out + 6 + segment.n, 7, "%04X\r\n", hj212_crc(t, segment.p, segment.n));
	return segment.n + 12;
}
