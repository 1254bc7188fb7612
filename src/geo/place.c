#include "geo/place.h"

#include <math.h>

#include "base/arena.h"

#define PI 3.14159265358979323846
#define BD_PI (PI * 3000.0 / 180.0)

bool lonlat_valid(struct lonlat p)
{
	return isfinite(p.lon) && isfinite(p.lat) && fabs(p.lon) <= 180 && fabs(p.lat) <= 90;
}

/* ---- reference systems ---- */

static const char *const crs_names[CRS_COUNT] = { "wgs84", "cgcs2000", "gcj02", "bd09" };

bool crs_parse(str name, enum crs *ret)
{
	for (int i = 0; i < CRS_COUNT; i++)
		if (str_eq_nocase(name, str_of(crs_names[i]))) {
			*ret = (enum crs)i;
			return true;
		}
	return false;
}

const char *crs_name(enum crs c)
{
	return crs_names[c];
}

static bool is_shifted(struct lonlat p)
{
	return p.lon >= 72.004 && p.lon <= 137.8347 && p.lat >= 0.8293 && p.lat <= 55.8271;
}

static double waves(double x)
{
	return (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
}

/* The shift in degrees, from the offsets in metres on the Krasovsky ellipsoid that the formulas give. */
static struct lonlat gcj_shift(struct lonlat p)
{
	const double a = 6378245.0, ee = 0.00669342162296594323;
	double x = p.lon - 105, y = p.lat - 35, root = sqrt(fabs(x));
	double north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves(x) +
		       (20 * sin(y * PI) + 40 * sin(y / 3 * PI)) * 2 / 3 +
		       (160 * sin(y / 12 * PI) + 320 * sin(y * PI / 30)) * 2 / 3;
	double east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves(x) +
		      (20 * sin(x * PI) + 40 * sin(x / 3 * PI)) * 2 / 3 +
		      (150 * sin(x / 12 * PI) + 300 * sin(x / 30 * PI)) * 2 / 3;
	double phi = p.lat / 180 * PI, w = 1 - ee * sin(phi) * sin(phi), root_w = sqrt(w);
	return (struct lonlat){ east * 180 / (a / root_w * cos(phi) * PI), north * 180 / (a * (1 - ee) / (w * root_w) * PI) };
}

struct lonlat gcj02_from_wgs84(struct lonlat p)
{
	if (!is_shifted(p))
		return p;
	struct lonlat d = gcj_shift(p);
	return (struct lonlat){ p.lon + d.lon, p.lat + d.lat };
}

struct lonlat bd09_from_gcj02(struct lonlat p)
{
	double z = hypot(p.lon, p.lat) + 0.00002 * sin(p.lat * BD_PI);
	double theta = atan2(p.lat, p.lon) + 0.000003 * cos(p.lon * BD_PI);
	return (struct lonlat){ z * cos(theta) + 0.0065, z * sin(theta) + 0.006 };
}

/* Both shifts change slowly: each step of p ← p + (target − f(p)) leaves less than a thousandth of the error. */
static struct lonlat invert(struct lonlat (*f)(struct lonlat), struct lonlat target)
{
	struct lonlat p = target;
	for (int i = 0; i < 12; i++) {
		struct lonlat q = f(p);
		double dlon = target.lon - q.lon, dlat = target.lat - q.lat;
		p.lon += dlon;
		p.lat += dlat;
		if (fabs(dlon) < 1e-11 && fabs(dlat) < 1e-11)
			break;
	}
	return p;
}

struct lonlat wgs84_from_gcj02(struct lonlat p)
{
	return is_shifted(p) ? invert(gcj02_from_wgs84, p) : p;
}

struct lonlat wgs84_from_bd09(struct lonlat p)
{
	return is_shifted(p) ? wgs84_from_gcj02(invert(bd09_from_gcj02, p)) : p;
}

struct lonlat wgs84_from(enum crs c, struct lonlat p)
{
	if (c == CRS_GCJ02)
		return wgs84_from_gcj02(p);
	return c == CRS_BD09 ? wgs84_from_bd09(p) : p;
}

/* ---- distance ---- */

double distance_m(struct lonlat a, struct lonlat b)
{
	const double r = 6371008.8, rad = PI / 180;
	double u = sin((b.lat - a.lat) * rad / 2), v = sin((b.lon - a.lon) * rad / 2);
	double h = u * u + cos(a.lat * rad) * cos(b.lat * rad) * v * v;
	return 2 * r * asin(sqrt(h < 1 ? h : 1));
}

/* ---- boxes ---- */

void box_add(struct box *b, struct lonlat p)
{
	b->west = fmin(b->west, p.lon);
	b->east = fmax(b->east, p.lon);
	b->south = fmin(b->south, p.lat);
	b->north = fmax(b->north, p.lat);
}

void box_join(struct box *b, struct box more)
{
	box_add(b, (struct lonlat){ more.west, more.south });
	box_add(b, (struct lonlat){ more.east, more.north });
}

bool box_is_empty(struct box b)
{
	return !(b.west <= b.east && b.south <= b.north);
}

bool box_holds(struct box b, struct lonlat p)
{
	return p.lon >= b.west && p.lon <= b.east && p.lat >= b.south && p.lat <= b.north;
}

bool boxes_meet(struct box a, struct box b)
{
	return a.west <= b.east && b.west <= a.east && a.south <= b.north && b.south <= a.north;
}

bool box_parse(str s, struct box *ret)
{
	double v[4];
	str piece;
	size_t n = 0;
	while (str_cut(&s, ',', &piece))
		if (n == 4 || !str_to_f64(str_trim(piece), &v[n++]))
			return false;
	struct box b = { v[0], v[1], v[2], v[3] };
	if (n != 4 || !lonlat_valid((struct lonlat){ b.west, b.south }) || !lonlat_valid((struct lonlat){ b.east, b.north }) ||
	    b.west >= b.east || b.south >= b.north)
		return false;
	*ret = b;
	return true;
}

/* ---- the grid ---- */

static int64_t unit(double share)
{
	const int64_t top = (INT64_C(1) << GRID_BITS) - 1;
	double v = floor(share * (double)(top + 1));
	return v < 0 ? 0 : v > (double)top ? top : (int64_t)v;
}

static int64_t column(double lon)
{
	return unit((lon + 180) / 360);
}

static int64_t row(double lat)
{
	const double edge = 85.05112878; /* where Web Mercator's square ends */
	double phi = fmax(fmin(lat, edge), -edge) * PI / 180;
	return unit((1 - asinh(tan(phi)) / PI) / 2);
}

/* Puts a zero between every two of the low 24 bits. */
static int64_t spread(int64_t v)
{
	uint64_t x = (uint64_t)v & 0xffffff;
	x = (x | x << 16) & 0x0000ffff0000ffff;
	x = (x | x << 8) & 0x00ff00ff00ff00ff;
	x = (x | x << 4) & 0x0f0f0f0f0f0f0f0f;
	x = (x | x << 2) & 0x3333333333333333;
	x = (x | x << 1) & 0x5555555555555555;
	return (int64_t)x;
}

static int64_t interleave(int64_t col, int64_t r)
{
	return spread(col) | spread(r) << 1;
}

int64_t grid_cell(struct lonlat p)
{
	return interleave(column(p.lon), row(p.lat));
}

int grid_extent(struct box b)
{
	int64_t width = column(b.east) - column(b.west), height = row(b.south) - row(b.north);
	int64_t most = width > height ? width : height;
	int k = 0;
	if (b.west >= b.east && b.south >= b.north)
		return 0;
	for (k = 1; k < GRID_BITS && INT64_C(1) << k < most + 1; k++)
		;
	return k;
}

static int64_t clamp(int64_t v)
{
	const int64_t top = (INT64_C(1) << GRID_BITS) - 1;
	return v < 0 ? 0 : v > top ? top : v;
}

static size_t sorted_insert(struct grid_range *v, size_t n, struct grid_range r)
{
	size_t i = n;
	for (; i > 0 && v[i - 1].lo > r.lo; i--)
		v[i] = v[i - 1];
	v[i] = r;
	return n + 1;
}

/* Neighbours become one. */
static size_t join_ranges(struct grid_range *v, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (kept && v[kept - 1].hi + 1 == v[i].lo)
			v[kept - 1].hi = v[i].hi;
		else
			v[kept++] = v[i];
	}
	return kept;
}

size_t grid_ranges(struct box b, int grow, struct grid_range ret[static GRID_RANGES])
{
	int64_t more = grow < 0 ? 0 : INT64_C(1) << grow;
	int64_t x0 = clamp(column(b.west) - more), x1 = clamp(column(b.east) + more);
	int64_t y0 = clamp(row(b.north) - more), y1 = clamp(row(b.south) + more);
	int shift = 0;
	size_t n = 0;
	while (((x1 >> shift) - (x0 >> shift) + 1) * ((y1 >> shift) - (y0 >> shift) + 1) > GRID_RANGES)
		shift++;
	for (int64_t y = y0 >> shift; y <= y1 >> shift; y++)
		for (int64_t x = x0 >> shift; x <= x1 >> shift; x++) {
			int64_t lo = interleave(x, y) << 2 * shift;
			n = sorted_insert(ret, n, (struct grid_range){ lo, lo + (INT64_C(1) << 2 * shift) - 1 });
		}
	return join_ranges(ret, n);
}
