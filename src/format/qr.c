#include "format/qr.h"

#include <png.h>
#include <qrencode.h>
#include <string.h>

err qr_encode(struct arena *a, str text, struct qr *ret, struct fail *f)
{
	if (!text.n || text.n > QR_TEXT_MAX)
		return FAIL(f, BAD_INPUT, "", "err.qr");
	QRcode *code = QRcode_encodeString8bit(arena_cstr(a, text), 0, QR_ECLEVEL_M);
	if (!code)
		return FAIL(f, BAD_INPUT, "", "err.qr");
	size_t size = (size_t)code->width;
	unsigned char *dark = arena_alloc(a, size * size);
	for (size_t i = 0; i < size * size; i++)
		dark[i] = code->data[i] & 1;
	QRcode_free(code);
	*ret = (struct qr){ size, dark };
	return ERR_OK;
}

static void paint(const struct qr *q, size_t scale, size_t side, unsigned char *pixels)
{
	memset(pixels, 255, side * side);
	for (size_t y = 0; y < q->size * scale; y++)
		for (size_t x = 0; x < q->size * scale; x++)
			if (q->dark[y / scale * q->size + x / scale])
				pixels[(y + QR_QUIET * scale) * side + x + QR_QUIET * scale] = 0;
}

err qr_png(struct arena *a, const struct qr *q, int scale, str *ret, struct fail *f)
{
	size_t s = scale < 1 ? 1 : scale > 64 ? 64 : (size_t)scale;
	size_t side = (q->size + 2 * QR_QUIET) * s;
	unsigned char *pixels = arena_alloc(a, side * side);
	png_image image = { .version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_GRAY };
	image.width = image.height = (png_uint_32)side;
	paint(q, s, side, pixels);
	png_alloc_size_t n = side * side + side + 4096; /* more than it can be */
	char *out = arena_alloc(a, n);
	if (!png_image_write_to_memory(&image, out, &n, 0, pixels, (png_int_32)side, NULL))
		return FAIL(f, INTERNAL, "", NULL);
	*ret = (str){ out, n };
	return ERR_OK;
}
