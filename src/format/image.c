#include "format/image.h"

#include <math.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "base/buf.h"

/* ---- what it is ---- */

enum image_kind image_kind_of(str bytes)
{
	static const struct {
		size_t at;
		str magic;
		enum image_kind kind;
	} kinds[] = {
		{ 0, S("\xff\xd8\xff"), IMAGE_JPEG }, { 0, S("\x89PNG\r\n\x1a\n"), IMAGE_PNG }, { 0, S("GIF8"), IMAGE_GIF },
		{ 8, S("WEBP"), IMAGE_WEBP },         { 4, S("ftypheic"), IMAGE_HEIC },         { 4, S("ftypheix"), IMAGE_HEIC },
		{ 4, S("ftypmif1"), IMAGE_HEIC },     { 4, S("ftypavif"), IMAGE_HEIC },
	};
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_starts(str_sub(bytes, kinds[i].at, bytes.n), kinds[i].magic))
			return kinds[i].kind;
	return IMAGE_NONE;
}

static err damaged(struct fail *f)
{
	return FAIL(f, BAD_FORMAT, "", "err.image.damaged");
}

static const unsigned char *bytes_of(str s)
{
	return (const unsigned char *)s.p;
}

static uint32_t big(str s, size_t at, int bytes)
{
	uint32_t v = 0;
	for (int i = 0; i < bytes; i++)
		v = v << 8 | (at + (size_t)i < s.n ? bytes_of(s)[at + (size_t)i] : 0);
	return v;
}

/* ---- JPEG: the walk over its segments ---- */

enum { SOS = 0xffda, EOI = 0xffd9, SOF0 = 0xffc0, SOF2 = 0xffc2, SOF15 = 0xffcf, DHT = 0xffc4, JPG = 0xffc8, DAC = 0xffcc };

struct segment {
	unsigned marker;
	size_t at, end;        /* with its marker, without its fill bytes */
};

/* The segment at *at, which moves behind it; false at anything that is none. */
static bool next_segment(str s, size_t *at, struct segment *ret)
{
	size_t i = *at;
	while (i + 1 < s.n && bytes_of(s)[i] == 0xff && bytes_of(s)[i + 1] == 0xff)
		i++;
	unsigned marker = big(s, i, 2), n = big(s, i + 2, 2);
	if (i + 4 > s.n || marker < 0xffc0 || marker == EOI || n < 2 || i + 2 + n > s.n)
		return false;
	*ret = (struct segment){ marker, i, i + 2 + n };
	*at = ret->end;
	return true;
}

static bool is_frame(unsigned marker)
{
	return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
}

static err jpeg_head(str s, struct image_info *ret, struct fail *f)
{
	struct segment g;
	size_t at = 2;
	while (next_segment(s, &at, &g) && g.marker != SOS) {
		if (!is_frame(g.marker) || g.end - g.at < 10)
			continue;
		*ret = (struct image_info){ IMAGE_JPEG, big(s, g.at + 7, 2), big(s, g.at + 5, 2), g.marker >= SOF2 };
		return ret->width && ret->height ? ERR_OK : damaged(f);
	}
	return damaged(f);
}

static err png_head(str s, struct image_info *ret, struct fail *f)
{
	if (s.n < 33 || !str_eq(str_sub(s, 12, 16), S("IHDR")))
		return damaged(f);
	*ret = (struct image_info){ IMAGE_PNG, big(s, 16, 4), big(s, 20, 4), true };
	return ret->width && ret->height ? ERR_OK : damaged(f);
}

err image_info(str bytes, struct image_info *ret, struct fail *f)
{
	static const char *const unread[] = { [IMAGE_GIF] = "GIF", [IMAGE_WEBP] = "WebP", [IMAGE_HEIC] = "HEIC" };
	enum image_kind kind = image_kind_of(bytes);
	struct image_info info;
	if (kind == IMAGE_NONE)
		return FAIL(f, UNSUPPORTED, "", "err.image.none");
	if (kind != IMAGE_JPEG && kind != IMAGE_PNG)
		return FAIL(f, UNSUPPORTED, "", "err.image.unread", "kind", unread[kind]);
	TRY(kind == IMAGE_JPEG ? jpeg_head(bytes, &info, f) : png_head(bytes, &info, f));
	uint64_t pixels = (uint64_t)info.width * info.height;
	if (info.width > IMAGE_SIDE_MAX || info.height > IMAGE_SIDE_MAX || pixels > (info.whole ? IMAGE_WHOLE_MAX : IMAGE_PIXELS_MAX))
		return FAIL(f, TOO_LARGE, "", "err.image.pixels", "max", info.whole ? "40" : "256");
	*ret = info;
	return ERR_OK;
}

/* ---- grey values ---- */

struct grey {
	unsigned char *px;     /* malloc'ed: large and gone soon, no matter of an arena */
	uint32_t w, h;
};

static void drop_grey(struct grey *g)
{
	free(g->px);
}

/* The smallest scale whose sides still have four times as many pixels as are wanted. */
static tjscalingfactor scale_for(const struct image_info *info, uint32_t side)
{
	static const tjscalingfactor scales[] = { { 1, 8 }, { 1, 4 }, { 1, 2 } };
	for (size_t i = 0; i < COUNT_OF(scales); i++)
		if (info->width / (uint32_t)scales[i].denom >= 4 * side && info->height / (uint32_t)scales[i].denom >= 4 * side)
			return scales[i];
	return (tjscalingfactor){ 1, 1 };
}

static bool alloc_grey(struct grey *g, uint32_t w, uint32_t h)
{
	*g = (struct grey){ calloc(w, h), w, h };
	return g->px;
}

static err decode_jpeg(str s, const struct image_info *info, uint32_t side, struct grey *ret, struct fail *f)
{
	tjscalingfactor scale = scale_for(info, side);
	int w = TJSCALED((int)info->width, scale), h = TJSCALED((int)info->height, scale);
	tjhandle tj = tjInitDecompress();
	if (!tj)
		return FAIL(f, INTERNAL, "", NULL);
	if (!alloc_grey(ret, (uint32_t)w, (uint32_t)h)) {
		tjDestroy(tj);
		return FAIL(f, BUSY, "", NULL);
	}
	int bad = tjDecompress2(tj, bytes_of(s), s.n, ret->px, w, 0, h, TJPF_GRAY, TJFLAG_LIMITSCANS | TJFLAG_FASTDCT);
	/* A picture whose end is missing is still a picture: warnings are borne. */
	bool hopeless = bad && tjGetErrorCode(tj) == TJERR_FATAL;
	tjDestroy(tj);
	return hopeless ? damaged(f) : ERR_OK;
}

static err decode_png(str s, struct grey *ret, struct fail *f)
{
	static const png_color white = { 255, 255, 255 };
	png_image image = { .version = PNG_IMAGE_VERSION };
	if (!png_image_begin_read_from_memory(&image, s.p, s.n))
		return damaged(f);
	image.format = PNG_FORMAT_GRAY;
	if ((uint64_t)image.width * image.height > IMAGE_WHOLE_MAX || !alloc_grey(ret, image.width, image.height)) {
		png_image_free(&image);
		return damaged(f);
	}
	bool ok = png_image_finish_read(&image, &white, ret->px, 0, NULL);
	png_image_free(&image);
	return ok ? ERR_OK : damaged(f);
}

/* How much of source cell `i` lies within [from, to). */
static float share(uint32_t i, double from, double to)
{
	double lo = from > i ? from : i, hi = to < i + 1.0 ? to : i + 1.0;
	return hi > lo ? (float)(hi - lo) : 0;
}

/* Rows are summed up first, so that the work is one pass over the picture. */
static void shrink(const struct grey *g, uint32_t side, float *sums, float *out)
{
	double sx = (double)g->w / side, sy = (double)g->h / side;
	for (uint32_t y = 0; y < side; y++) {
		double y0 = y * sy, y1 = (y + 1) * sy;
		memset(sums, 0, sizeof *sums * g->w);
		for (uint32_t r = (uint32_t)y0; r < g->h && r < y1; r++) {
			float weight = share(r, y0, y1);
			const unsigned char *row = g->px + (size_t)r * g->w;
			for (uint32_t x = 0; x < g->w; x++)
				sums[x] += weight * (float)row[x];
		}
		for (uint32_t x = 0; x < side; x++) {
			double x0 = x * sx, x1 = (x + 1) * sx, sum = 0;
			for (uint32_t c = (uint32_t)x0; c < g->w && c < x1; c++)
				sum += (double)(share(c, x0, x1) * sums[c]);
			out[y * side + x] = (float)(sum / (sx * sy));
		}
	}
}

/* EXIF 2.32, tag 0x0112: where row 0 and column 0 of the stored picture lie when it is looked at. */
static size_t place_of(uint32_t x, uint32_t y, uint32_t side, int orientation)
{
	uint32_t mx = side - 1 - x, my = side - 1 - y;
	switch (orientation) {
	case 2: return (size_t)y * side + mx;
	case 3: return (size_t)my * side + mx;
	case 4: return (size_t)my * side + x;
	case 5: return (size_t)x * side + y;
	case 6: return (size_t)x * side + my;
	case 7: return (size_t)mx * side + my;
	case 8: return (size_t)mx * side + y;
	default: return (size_t)y * side + x;
	}
}

err image_grey(struct arena *a, str bytes, uint32_t side, int orientation, float **ret, struct fail *f)
{
	struct image_info info;
	AUTO(drop_grey) struct grey g = { 0 };
	if (side < 2 || side > IMAGE_GREY_MAX)
		return FAIL(f, INTERNAL, "", NULL);
	TRY(image_info(bytes, &info, f));
	TRY(info.kind == IMAGE_JPEG ? decode_jpeg(bytes, &info, side, &g, f) : decode_png(bytes, &g, f));
	float *flat = NEW_N(a, float, side * side), *out = NEW_N(a, float, side * side);
	shrink(&g, side, NEW_N(a, float, g.w), flat);
	for (uint32_t y = 0; y < side; y++)
		for (uint32_t x = 0; x < side; x++)
			out[place_of(x, y, side, orientation)] = flat[y * side + x];
	*ret = out;
	return ERR_OK;
}

/* ---- without what the camera wrote ---- */

/* Kept: what the decoder needs (tables, frame, scans) and APP0 (JFIF) and APP14 (Adobe: the colour transform). */
static bool needed(unsigned marker)
{
	bool app = marker >= 0xffe0 && marker <= 0xffef;
	return marker != 0xfffe && (!app || marker == 0xffe0 || marker == 0xffee);
}

/* Behind the entropy-coded data that begins at `at`: the next marker that is no restart and no stuffed byte. */
static size_t scan_end(str s, size_t at)
{
	while (at + 1 < s.n) {
		const char *p = memchr(s.p + at, 0xff, s.n - at - 1);
		if (!p)
			break;
		at = (size_t)(p - s.p);
		unsigned char next = bytes_of(s)[at + 1];
		if (next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7))
			return at;
		at += next == 0xff ? 1 : 2;
	}
	return s.n;
}

static err strip_jpeg(struct arena *a, str s, str *ret, struct fail *f)
{
	struct buf b = BUF(a);
	struct segment g;
	size_t at = 2;
	bool scans = false;
	buf_reserve(&b, s.n);
	buf_put(&b, S("\xff\xd8"));
	while (next_segment(s, &at, &g)) {
		if (needed(g.marker) && !(g.marker == 0xffe0 && g.end - g.at > 18)) /* no JFIF thumbnail */
			buf_put(&b, str_sub(s, g.at, g.end));
		if (g.marker != SOS)
			continue;
		size_t end = scan_end(s, at);
		buf_put(&b, str_sub(s, at, end));
		at = end;
		scans = true;
	}
	if (!scans)
		return damaged(f);
	buf_put(&b, S("\xff\xd9"));
	*ret = buf_str(&b);
	return ERR_OK;
}

static bool chunk_needed(str type)
{
	static const str kept[] = { S("IHDR"), S("PLTE"), S("IDAT"), S("IEND"), S("tRNS"), S("gAMA"), S("sRGB"), S("bKGD") };
	for (size_t i = 0; i < COUNT_OF(kept); i++)
		if (str_eq(type, kept[i]))
			return true;
	return false;
}

static err strip_png(struct arena *a, str s, str *ret, struct fail *f)
{
	struct buf b = BUF(a);
	buf_reserve(&b, s.n);
	buf_put(&b, str_sub(s, 0, 8));
	for (size_t at = 8; at + 12 <= s.n;) {
		size_t n = big(s, at, 4);
		str type = str_sub(s, at + 4, at + 8);
		if (n > s.n - at - 12)
			break;
		if (chunk_needed(type))
			buf_put(&b, str_sub(s, at, at + 12 + n));
		if (str_eq(type, S("IEND"))) {
			*ret = buf_str(&b);
			return ERR_OK;
		}
		at += 12 + n;
	}
	return damaged(f);
}

err image_strip(struct arena *a, str bytes, str *ret, struct fail *f)
{
	struct image_info info;
	TRY(image_info(bytes, &info, f));
	return info.kind == IMAGE_JPEG ? strip_jpeg(a, bytes, ret, f) : strip_png(a, bytes, ret, f);
}

err image_png(struct arena *a, const unsigned char *rgb, uint32_t width, uint32_t height, str *ret, struct fail *f)
{
	png_image image = { .version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_RGB, .width = width, .height = height };
	png_alloc_size_t n = PNG_IMAGE_PNG_SIZE_MAX(image);
	char *out = arena_alloc(a, n);
	if (!png_image_write_to_memory(&image, out, &n, 0, rgb, 0, NULL))
		return FAIL(f, INTERNAL, "", NULL);
	*ret = (str){ out, n };
	return ERR_OK;
}
