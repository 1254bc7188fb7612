#include "format/package.h"

#include <stdlib.h>
#include <zip.h>

enum { RATIO_FLOOR = 1 << 20 };

struct package {
	zip_t *zip;
	struct doc_limits lim;
	size_t *seen;    /* of each entry: bytes that came out, at most, in one reading */
	size_t inflated; /* the sum of these: reading a part again costs nothing of the limit */
};

struct part {
	struct package *package;
	zip_file_t *file;
	size_t index, packed, inflated;
};

static err broken(struct fail *f)
{
	return FAIL(f, BAD_FORMAT, "", "err.zip_broken");
}

static zip_t *open_zip(str bytes)
{
	zip_error_t e;
	zip_error_init(&e);
	zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &e);
	zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &e) : NULL;
	if (source && !zip)
		zip_source_free(source);
	zip_error_fini(&e);
	return zip;
}

err package_open(str bytes, const struct doc_limits *lim, struct package **ret, struct fail *f)
{
	if (bytes.n > lim->max_input)
		return refuse_size(f, "err.doc_too_large", lim->max_input);
	zip_t *zip = open_zip(bytes);
	if (!zip)
		return broken(f);
	zip_int64_t entries = zip_get_num_entries(zip, 0);
	if (entries > lim->max_entries) {
		zip_discard(zip);
		return refuse_count(f, "err.zip_entries", lim->max_entries);
	}
	struct package *p = calloc(1, sizeof *p);
	if (!p)
		abort();
	*p = (struct package){ .zip = zip, .lim = *lim, .seen = calloc((size_t)entries + 1, sizeof *p->seen) };
	if (!p->seen)
		abort();
	*ret = p;
	return ERR_OK;
}

void package_close(struct package *p)
{
	if (!p)
		return;
	zip_discard(p->zip);
	free(p->seen);
	free(p);
}

void package_drop(struct package **p)
{
	package_close(*p);
	*p = NULL;
}

const struct doc_limits *package_limits(const struct package *p)
{
	return &p->lim;
}

bool package_has(struct package *p, const char *name)
{
	return zip_name_locate(p->zip, name, ZIP_FL_NOCASE) >= 0;
}

static bool readable(const zip_stat_t *st)
{
	const zip_uint64_t need = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD |
				  ZIP_STAT_ENCRYPTION_METHOD;
	return (st->valid & need) == need && st->encryption_method == ZIP_EM_NONE &&
	       (st->comp_method == ZIP_CM_STORE || st->comp_method == ZIP_CM_DEFLATE);
}

err part_open(struct package *p, const char *name, struct part **ret, struct fail *f)
{
	zip_stat_t st;
	zip_int64_t at = zip_name_locate(p->zip, name, ZIP_FL_NOCASE);
	if (at < 0)
		return FAIL(f, BAD_FORMAT, "", "err.zip_part", "part", name);
	if (zip_stat_index(p->zip, (zip_uint64_t)at, 0, &st) < 0 || !readable(&st))
		return broken(f);
	zip_file_t *file = zip_fopen_index(p->zip, (zip_uint64_t)at, 0);
	if (!file)
		return broken(f);
	struct part *part = calloc(1, sizeof *part);
	if (!part)
		abort();
	*part = (struct part){ .package = p, .file = file, .index = (size_t)at,
			       .packed = (size_t)st.comp_size };
	*ret = part;
	return ERR_OK;
}

/* Judged by what really came out; the sizes in the directory are the sender's claim. */
static err within_limits(const struct part *part, struct fail *f)
{
	const struct doc_limits *lim = &part->package->lim;
	if (part->package->inflated > lim->max_inflated)
		return refuse_size(f, "err.zip_inflated", lim->max_inflated);
	size_t packed = part->packed ? part->packed : 1;
	if (part->inflated > RATIO_FLOOR && part->inflated / packed >= lim->max_ratio)
		return refuse_count(f, "err.zip_ratio", lim->max_ratio);
	return ERR_OK;
}

err part_read(struct part *part, char *to, size_t cap, size_t *ret_n, struct fail *f)
{
	zip_int64_t n = zip_fread(part->file, to, cap);
	if (n < 0)
		return broken(f);
	size_t *seen = &part->package->seen[part->index];
	part->inflated += (size_t)n;
	if (part->inflated > *seen) {
		part->package->inflated += part->inflated - *seen;
		*seen = part->inflated;
	}
	TRY(within_limits(part, f));
	*ret_n = (size_t)n;
	return ERR_OK;
}

void part_close(struct part *part)
{
	if (!part)
		return;
	zip_fclose(part->file);
	free(part);
}
