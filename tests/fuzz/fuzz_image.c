/* Whatever the file: it is refused, or it is decoded, compared and stripped, and what was stripped says nothing more. */
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "format/exif.h"
#include "format/image.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check_exif(const struct exif *x)
{
	if (!utf8_valid(x->make) || !utf8_valid(x->model) || !utf8_valid(x->software) || x->orientation < 1 || x->orientation > 8)
		abort();
	if (!isnan(x->lat) && (fabs(x->lat) > 90 || fabs(x->lon) > 180))
		abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	str bytes = { (const char *)data, size }, plain, again;
	struct fail f = { 0 };
	struct image_info info;
	float *px;
	struct exif x = exif_read(a, bytes), bare = exif_read_block(a, bytes);
	check_exif(&x);
	check_exif(&bare);
	if (image_info(bytes, &info, &f) != ERR_OK || (uint64_t)info.width * info.height > 1 << 22)
		return 0; /* large ones are decoded too, but slowly */
	if (image_grey(a, bytes, 32, x.orientation, &px, &f) == ERR_OK)
		for (int i = 0; i < 32 * 32; i++)
			if (!(px[i] > -1 && px[i] < 256))
				abort();
	if (image_strip(a, bytes, &plain, &f) != ERR_OK)
		return 0;
	if (exif_read(a, plain).present || image_strip(a, plain, &again, &f) != ERR_OK || !str_eq(plain, again))
		abort();
	return 0;
}
