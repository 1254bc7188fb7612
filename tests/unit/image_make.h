/* Pictures for tests: drawn from a seed (a sky, ground, boxes, discs, noise), written as JPEG or PNG, with or without
 * an EXIF block of our own making. */
#ifndef BH_TESTS_IMAGE_MAKE_H
#define BH_TESTS_IMAGE_MAKE_H

#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include <cmocka.h>

#include "base/buf.h"
#include "format/image.h"

struct picture {
	unsigned char *px;
	int w, h;
};

static inline uint32_t picture_rand(uint32_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 17;
	*s ^= *s << 5;
	return *s;
}

static inline double picture_unit(uint32_t *s)
{
	return picture_rand(s) / 4294967296.0;
}

/* The same scene at whatever size. */
static inline struct picture picture_draw(struct arena *a, unsigned seed, int w, int h)
{
	uint32_t s = seed * 2654435761u + 12345;
	struct { double x, y, rx, ry, v; bool disc; } shapes[14];
	for (int i = 0; i < 8; i++)
		(void)picture_rand(&s);
	double sky = 90 + 130 * picture_unit(&s), ground = 30 + 130 * picture_unit(&s), line = 0.3 + 0.4 * picture_unit(&s);
	double lean = picture_unit(&s) - 0.5, wave = 2 + 6 * picture_unit(&s), turn = 6.28 * picture_unit(&s);
	for (size_t i = 0; i < COUNT_OF(shapes); i++) {
		shapes[i].x = picture_unit(&s);
		shapes[i].y = picture_unit(&s);
		shapes[i].rx = 0.03 + 0.2 * picture_unit(&s);
		shapes[i].ry = 0.03 + 0.2 * picture_unit(&s);
		shapes[i].v = 255 * picture_unit(&s);
		shapes[i].disc = picture_rand(&s) & 1;
	}
	struct picture p = { NEW_N(a, unsigned char, (size_t)(w * h)), w, h };
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			double fx = (x + 0.5) / w, fy = (y + 0.5) / h;
			double v = fy < line + lean * (fx - 0.5) ? sky - 40 * fy : ground + 20 * sin(wave * fx * 6.28 + turn);
			for (size_t i = 0; i < COUNT_OF(shapes); i++) {
				double dx = (fx - shapes[i].x) / shapes[i].rx, dy = (fy - shapes[i].y) / shapes[i].ry;
				if (shapes[i].disc ? dx * dx + dy * dy < 1 : fabs(dx) < 1 && fabs(dy) < 1)
					v = shapes[i].v;
			}
			v += 6 * sin(fx * 131 + fy * 173);
			p.px[y * w + x] = (unsigned char)(v < 0 ? 0 : v > 255 ? 255 : v);
		}
	return p;
}

static inline struct picture picture_scaled(struct arena *a, const struct picture *p, int w, int h)
{
	struct picture q = { NEW_N(a, unsigned char, (size_t)(w * h)), w, h };
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			double sum = 0, n = 0;
			for (int sy = y * p->h / h; sy <= (y * p->h + p->h - 1) / h && sy < p->h; sy++)
				for (int sx = x * p->w / w; sx <= (x * p->w + p->w - 1) / w && sx < p->w; sx++, n++)
					sum += p->px[sy * p->w + sx];
			q.px[y * w + x] = (unsigned char)(sum / n);
		}
	return q;
}

static inline struct picture picture_levels(struct arena *a, const struct picture *p, double gain, double add)
{
	struct picture q = { NEW_N(a, unsigned char, (size_t)(p->w * p->h)), p->w, p->h };
	for (int i = 0; i < p->w * p->h; i++) {
		double v = p->px[i] * gain + add;
		q.px[i] = (unsigned char)(v < 0 ? 0 : v > 255 ? 255 : v);
	}
	return q;
}

static inline struct picture picture_cropped(struct arena *a, const struct picture *p, int dx, int dy)
{
	struct picture q = { NEW_N(a, unsigned char, (size_t)(p->w * p->h)), p->w - 2 * dx, p->h - 2 * dy };
	for (int y = 0; y < q.h; y++)
		memcpy(q.px + y * q.w, p->px + (y + dy) * p->w + dx, (size_t)q.w);
	return q;
}

/* A bright stamp in the corner, as cameras put the date. */
static inline struct picture picture_stamped(struct arena *a, const struct picture *p)
{
	struct picture q = picture_levels(a, p, 1, 0);
	for (int y = p->h * 92 / 100; y < p->h * 97 / 100; y++)
		for (int x = p->w * 65 / 100; x < p->w * 97 / 100; x++)
			if ((x / 3 + y / 5) % 2)
				q.px[y * p->w + x] = 250;
	return q;
}

/* ---- files ---- */

static inline str picture_block(struct arena *a, str jpeg, str exif_block);

static inline str picture_jpeg(struct arena *a, const struct picture *p, int quality, const str *exif_block)
{
	tjhandle tj = tjInitCompress();
	unsigned char *out = NULL;
	unsigned long n = 0;
	assert_non_null(tj);
	assert_int_equal(tjCompress2(tj, p->px, p->w, 0, p->h, TJPF_GRAY, &out, &n, TJSAMP_GRAY, quality, 0), 0);
	str s = arena_str(a, (str){ (const char *)out, n });
	tjFree(out);
	tjDestroy(tj);
	return exif_block ? picture_block(a, s, *exif_block) : s;
}

static inline str picture_png(struct arena *a, const struct picture *p)
{
	png_image image = { .version = PNG_IMAGE_VERSION, .width = (png_uint_32)p->w, .height = (png_uint_32)p->h,
			    .format = PNG_FORMAT_GRAY };
	png_alloc_size_t n = 0;
	assert_true(png_image_write_to_memory(&image, NULL, &n, 0, p->px, 0, NULL));
	char *out = NEW_N(a, char, n);
	assert_true(png_image_write_to_memory(&image, out, &n, 0, p->px, 0, NULL));
	return (str){ out, n };
}

/* The JPEG with "Exif\0\0" and the block behind its first two bytes. */
static inline str picture_block(struct arena *a, str jpeg, str exif_block)
{
	struct buf b = BUF(a);
	size_t n = exif_block.n + 8;
	buf_put(&b, str_sub(jpeg, 0, 2));
	buf_put(&b, S("\xff\xe1"));
	buf_byte(&b, (char)(n >> 8));
	buf_byte(&b, (char)n);
	buf_put(&b, S("Exif\0\0"));
	buf_put(&b, exif_block);
	buf_put(&b, str_sub(jpeg, 2, jpeg.n));
	return buf_str(&b);
}

/* ---- EXIF blocks ---- */

struct exif_make {
	const char *make, *model, *software, *taken, *offset; /* NULL: left out */
	double lat, lon;                                      /* NaN: left out */
	int orientation;                                      /* 0: left out */
	bool big_endian;
	str thumbnail;
};

struct exif_out {
	struct buf b;
	struct buf data;      /* behind the directories */
	bool big;
	size_t data_at;
};

static inline void ex_put(struct buf *b, bool big, uint32_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_byte(b, (char)(v >> (8 * (big ? bytes - 1 - i : i))));
}

static inline void ex_entry(struct exif_out *o, uint32_t tag, uint32_t type, uint32_t count, str bytes, uint32_t value)
{
	ex_put(&o->b, o->big, tag, 2);
	ex_put(&o->b, o->big, type, 2);
	ex_put(&o->b, o->big, count, 4);
	if (bytes.n > 4) {
		ex_put(&o->b, o->big, (uint32_t)(o->data_at + o->data.n), 4);
		buf_put(&o->data, bytes);
	} else if (bytes.n) {
		buf_put(&o->b, bytes);
		for (size_t i = bytes.n; i < 4; i++)
			buf_byte(&o->b, 0);
	} else {
		ex_put(&o->b, o->big, value, type == 3 ? 2 : 4);
		if (type == 3)
			ex_put(&o->b, o->big, 0, 2);
	}
}

static inline void ex_text(struct exif_out *o, uint32_t tag, const char *text)
{
	if (text)
		ex_entry(o, tag, 2, (uint32_t)strlen(text) + 1, (str){ text, strlen(text) + 1 }, 0);
}

static inline str ex_angle(struct arena *a, bool big, double deg)
{
	struct buf b = BUF(a);
	deg = fabs(deg);
	uint32_t d = (uint32_t)deg, m = (uint32_t)((deg - d) * 60), s = (uint32_t)(((deg - d) * 60 - m) * 60 * 1000 + 0.5);
	const uint32_t v[] = { d, 1, m, 1, s, 1000 };
	for (size_t i = 0; i < COUNT_OF(v); i++)
		ex_put(&b, big, v[i], 4);
	return buf_str(&b);
}

/* IFD0, Exif, GPS, IFD1, then what does not fit into their entries. */
static inline str exif_block(struct arena *a, const struct exif_make *m)
{
	struct exif_out o = { .b = BUF(a), .data = BUF(a), .big = m->big_endian };
	bool gps = !isnan(m->lat);
	uint32_t n0 = 2u + (m->make != NULL) + (m->model != NULL) + (m->software != NULL) + (m->orientation != 0);
	uint32_t n1 = (uint32_t)(m->taken != NULL) + (m->offset != NULL), n2 = gps ? 4 : 0, n3 = m->thumbnail.n ? 2 : 0;
	uint32_t at0 = 8, at1 = at0 + 6 + n0 * 12, at2 = at1 + 6 + n1 * 12, at3 = at2 + 6 + n2 * 12;
	o.data_at = at3 + 6 + n3 * 12;
	buf_put(&o.b, o.big ? S("MM\0*") : S("II*\0"));
	ex_put(&o.b, o.big, at0, 4);
	ex_put(&o.b, o.big, n0, 2);
	ex_text(&o, 0x010f, m->make);
	ex_text(&o, 0x0110, m->model);
	if (m->orientation)
		ex_entry(&o, 0x0112, 3, 1, (str){ 0 }, (uint32_t)m->orientation);
	ex_text(&o, 0x0131, m->software);
	ex_entry(&o, 0x8769, 4, 1, (str){ 0 }, at1);
	ex_entry(&o, 0x8825, 4, 1, (str){ 0 }, at2);
	ex_put(&o.b, o.big, n3 ? at3 : 0, 4);
	ex_put(&o.b, o.big, n1, 2);
	ex_text(&o, 0x9003, m->taken);
	ex_text(&o, 0x9011, m->offset);
	ex_put(&o.b, o.big, 0, 4);
	ex_put(&o.b, o.big, n2, 2);
	if (gps) {
		ex_entry(&o, 1, 2, 2, m->lat < 0 ? S("S\0") : S("N\0"), 0);
		ex_entry(&o, 2, 5, 3, ex_angle(a, o.big, m->lat), 0);
		ex_entry(&o, 3, 2, 2, m->lon < 0 ? S("W\0") : S("E\0"), 0);
		ex_entry(&o, 4, 5, 3, ex_angle(a, o.big, m->lon), 0);
	}
	ex_put(&o.b, o.big, 0, 4);
	ex_put(&o.b, o.big, n3, 2);
	if (n3) {
		ex_entry(&o, 0x0201, 4, 1, (str){ 0 }, (uint32_t)(o.data_at + o.data.n));
		ex_entry(&o, 0x0202, 4, 1, (str){ 0 }, (uint32_t)m->thumbnail.n);
		buf_put(&o.data, m->thumbnail);
	}
	ex_put(&o.b, o.big, 0, 4);
	buf_put(&o.b, buf_str(&o.data));
	return buf_str(&o.b);
}

#endif
