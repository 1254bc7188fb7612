#include "format/exif.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

enum { MAX_ENTRIES = 512, TEXT_MAX = 60, MAX_SEGMENTS = 256 };
enum { T_BYTE = 1, T_ASCII = 2, T_SHORT = 3, T_LONG = 4, T_RATIONAL = 5 };
enum { /* tags of IFD0 and IFD1, of the Exif directory, of the GPS directory */
	TAG_MAKE = 0x010f, TAG_MODEL = 0x0110, TAG_ORIENTATION = 0x0112, TAG_SOFTWARE = 0x0131, TAG_EXIF = 0x8769,
	TAG_GPS = 0x8825, TAG_THUMB_AT = 0x0201, TAG_THUMB_N = 0x0202, TAG_TAKEN = 0x9003, TAG_OFFSET = 0x9011,
	TAG_LAT_REF = 1, TAG_LAT = 2, TAG_LON_REF = 3, TAG_LON = 4,
};

/* ---- the block ---- */

struct tiff {
	struct arena *a;
	str b;
	bool little;
	uint32_t exif_at, gps_at, next, thumb_at, thumb_n;
	str offset, taken;
	char lat_ref, lon_ref;
	double lat, lon;
	struct exif out;
};

struct entry {
	uint32_t tag, type, count;
	size_t at;             /* of the value, within the block; checked for `size` bytes */
	size_t size;
};

static uint32_t num(const struct tiff *t, size_t at, int bytes)
{
	uint32_t v = 0;
	for (int i = 0; i < bytes; i++) {
		size_t k = at + (size_t)(t->little ? bytes - 1 - i : i);
		v = v << 8 | (k < t->b.n ? (unsigned char)t->b.p[k] : 0);
	}
	return v;
}

static size_t width_of(uint32_t type)
{
	static const uint8_t widths[] = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8 };
	return type < sizeof widths ? widths[type] : 0;
}

/* False for an entry whose value does not lie within the block. */
static bool read_entry(const struct tiff *t, size_t at, struct entry *ret)
{
	struct entry e = { num(t, at, 2), num(t, at + 2, 2), num(t, at + 4, 4), at + 8, 0 };
	size_t width = width_of(e.type);
	if (!width || e.count > t->b.n)
		return false;
	e.size = width * e.count;
	if (e.size > 4)
		e.at = num(t, at + 8, 4);
	*ret = e;
	return e.size <= t->b.n && e.at <= t->b.n - e.size;
}

/* Printable and short; bytes that are no text give "". */
static str text_of(const struct tiff *t, const struct entry *e)
{
	str s = str_sub(t->b, e->at, e->at + e->size);
	const char *end = e->type == T_ASCII && s.n ? memchr(s.p, 0, s.n) : s.p;
	s = str_trim(end ? str_sub(s, 0, (size_t)(end - s.p)) : s);
	if (!utf8_valid(s))
		return S("");
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 127)
			return S("");
	return arena_str(t->a, utf8_cut(s, TEXT_MAX));
}

static uint32_t value_of(const struct tiff *t, const struct entry *e)
{
	return e->count != 1 ? 0 : e->type == T_SHORT ? num(t, e->at, 2) : e->type == T_LONG ? num(t, e->at, 4) : 0;
}

/* Degrees, minutes, seconds as three fractions; NaN when they are none. */
static double angle_of(const struct tiff *t, const struct entry *e)
{
	double v[3];
	if (e->type != T_RATIONAL || e->count != 3)
		return NAN;
	for (size_t i = 0; i < 3; i++) {
		double over = num(t, e->at + 8 * i, 4), under = num(t, e->at + 8 * i + 4, 4);
		if (under == 0 && over != 0)
			return NAN;
		v[i] = under == 0 ? 0 : over / under;
	}
	/* some devices round up to 60 */
	return v[1] <= 60 && v[2] <= 60 ? v[0] + v[1] / 60 + v[2] / 3600 : NAN;
}

static char letter_of(const struct tiff *t, const struct entry *e)
{
	return e->type == T_ASCII && e->size ? t->b.p[e->at] : 0;
}

static void on_main(struct tiff *t, const struct entry *e)
{
	uint32_t v = value_of(t, e);
	switch (e->tag) {
	case TAG_MAKE: t->out.make = text_of(t, e); break;
	case TAG_MODEL: t->out.model = text_of(t, e); break;
	case TAG_SOFTWARE: t->out.software = text_of(t, e); break;
	case TAG_ORIENTATION: t->out.orientation = v >= 1 && v <= 8 ? (int)v : 1; break;
	case TAG_EXIF: t->exif_at = v; break;
	case TAG_GPS: t->gps_at = v; break;
	default: break;
	}
}

static void on_exif(struct tiff *t, const struct entry *e)
{
	if (e->tag == TAG_TAKEN)
		t->taken = text_of(t, e);
	else if (e->tag == TAG_OFFSET)
		t->offset = text_of(t, e);
}

static void on_gps(struct tiff *t, const struct entry *e)
{
	switch (e->tag) {
	case TAG_LAT_REF: t->lat_ref = letter_of(t, e); break;
	case TAG_LON_REF: t->lon_ref = letter_of(t, e); break;
	case TAG_LAT: t->lat = angle_of(t, e); break;
	case TAG_LON: t->lon = angle_of(t, e); break;
	default: break;
	}
}

static void on_thumbnail(struct tiff *t, const struct entry *e)
{
	if (e->tag == TAG_THUMB_AT)
		t->thumb_at = value_of(t, e);
	else if (e->tag == TAG_THUMB_N)
		t->thumb_n = value_of(t, e);
}

static bool read_directory(struct tiff *t, uint32_t at, void (*on)(struct tiff *t, const struct entry *e))
{
	if (at < 8 || at > t->b.n - 2)
		return false;
	uint32_t n = num(t, at, 2);
	if (n > MAX_ENTRIES || at + 2 + (size_t)n * 12 > t->b.n)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		struct entry e;
		if (read_entry(t, at + 2 + (size_t)i * 12, &e))
			on(t, &e);
	}
	t->next = num(t, at + 2 + (size_t)n * 12, 4);
	return true;
}

/* ---- what it means ---- */

static bool two(str s, size_t at, int *ret)
{
	if (at + 2 > s.n || s.p[at] < '0' || s.p[at] > '9' || s.p[at + 1] < '0' || s.p[at + 1] > '9')
		return false;
	*ret = (s.p[at] - '0') * 10 + s.p[at + 1] - '0';
	return true;
}

/* "2026:11:02 09:30:00" of no zone. Clocks that were never set (1970, 1980, 2000-01-01) say nothing. */
static bool clock_of(str s, int64_t *ret_ms)
{
	int c, y, mo, d, h, mi, se;
	if (s.n < 19 || !two(s, 0, &c) || !two(s, 2, &y) || !two(s, 5, &mo) || !two(s, 8, &d) || !two(s, 11, &h) ||
	    !two(s, 14, &mi) || !two(s, 17, &se))
		return false;
	y += c * 100;
	if (y < 2001 || !date_ymd_valid(y, mo, d) || h > 23 || mi > 59 || se > 60)
		return false;
	*ret_ms = date_from_ymd(y, mo, d) * DAY_MS + ((h * 60 + mi) * 60 + se) * INT64_C(1000);
	return true;
}

static bool zone_of(str s, int64_t *ret_ms)
{
	int h, m;
	if (s.n < 6 || (s.p[0] != '+' && s.p[0] != '-') || !two(s, 1, &h) || !two(s, 4, &m) || h > 14 || m > 59)
		return false;
	*ret_ms = (h * 60 + m) * INT64_C(60000) * (s.p[0] == '-' ? -1 : 1);
	return true;
}

static void conclude(struct tiff *t)
{
	int64_t zone = CHINA_OFFSET_MS, local;
	t->out.zone_known = zone_of(t->offset, &zone);
	if (clock_of(t->taken, &local))
		t->out.taken_ms = local - zone;
	double lat = t->lat_ref == 'S' ? -t->lat : t->lat, lon = t->lon_ref == 'W' ? -t->lon : t->lon;
	/* 0, 0 is what a receiver without a fix writes */
	if (fabs(lat) <= 90 && fabs(lon) <= 180 && (lat != 0 || lon != 0)) {
		t->out.lat = lat;
		t->out.lon = lon;
	}
	if (t->thumb_n >= 4 && t->thumb_n <= t->b.n && t->thumb_at <= t->b.n - t->thumb_n)
		t->out.thumbnail = str_sub(t->b, t->thumb_at, (size_t)t->thumb_at + t->thumb_n);
}

static struct exif absent(void)
{
	return (struct exif){ .make = S(""), .model = S(""), .software = S(""), .taken_ms = INT64_MIN, .lat = NAN, .lon = NAN,
			      .orientation = 1 };
}

struct exif exif_read_block(struct arena *a, str block)
{
	struct tiff t = { .a = a, .b = block, .lat = NAN, .lon = NAN, .out = absent() };
	t.little = str_starts(block, S("II*\0"));
	if (block.n < 14 || block.n > 65536 || (!t.little && !str_starts(block, S("MM\0*"))))
		return absent();
	if (!read_directory(&t, num(&t, 4, 4), on_main))
		return absent();
	uint32_t second = t.next;
	t.out.present = true;
	(void)read_directory(&t, t.exif_at, on_exif);
	(void)read_directory(&t, t.gps_at, on_gps);
	(void)read_directory(&t, second, on_thumbnail);
	conclude(&t);
	return t.out;
}

/* ---- where the block lies ---- */

static uint32_t big(str s, size_t at, int bytes)
{
	uint32_t v = 0;
	for (int i = 0; i < bytes; i++)
		v = v << 8 | (at + (size_t)i < s.n ? (unsigned char)s.p[at + (size_t)i] : 0);
	return v;
}

/* Segments before the picture's data; the first with "Exif". */
static str in_jpeg(str s)
{
	size_t at = 2;
	for (int i = 0; i < MAX_SEGMENTS && at + 4 <= s.n; i++) {
		unsigned marker = big(s, at, 2), n = big(s, at + 2, 2);
		if ((marker & 0xff00) != 0xff00 || marker == 0xffda || n < 2)
			break;
		str body = str_sub(s, at + 4, at + 2 + n);
		if (marker == 0xffe1 && str_starts(body, S("Exif\0\0")))
			return str_sub(body, 6, body.n);
		at += 2 + (size_t)n;
	}
	return (str){ NULL, 0 };
}

static str in_png(str s)
{
	size_t at = 8;
	for (int i = 0; i < MAX_SEGMENTS && at + 12 <= s.n; i++) {
		size_t n = big(s, at, 4);
		str type = str_sub(s, at + 4, at + 8);
		if (n > s.n - at - 12)
			break;
		if (str_eq(type, S("eXIf")))
			return str_sub(s, at + 8, at + 8 + n);
		at += 12 + n;
	}
	return (str){ NULL, 0 };
}

struct exif exif_read(struct arena *a, str image)
{
	str block = { NULL, 0 };
	if (str_starts(image, S("\xff\xd8\xff")))
		block = in_jpeg(image);
	else if (str_starts(image, S("\x89PNG\r\n\x1a\n")))
		block = in_png(image);
	return block.p ? exif_read_block(a, block) : absent();
}
