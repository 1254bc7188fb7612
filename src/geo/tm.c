#include "geo/tm.h"

#include <math.h>

#define DEG (M_PI / 180)
#define SEMI_MAJOR 6378137.0
#define FLATTENING (1 / 298.257222101)
#define FALSE_EAST 500000.0

#define N (FLATTENING / (2 - FLATTENING))
#define RADIUS (SEMI_MAJOR / (1 + N) * (1 + N * N / 4 + N * N * N * N / 64 + N * N * N * N * N * N / 256))
#define IN_N(a, b, c, d, e, f) (N * ((a) + N * ((b) + N * ((c) + N * ((d) + N * ((e) + N * (f)))))))

enum { ORDER = 6 };

/* C. F. F. Karney, Transverse Mercator with an accuracy of a few nanometers (2011), equations 35 and 36: each a series in the third
 * flattening. */
static const double forth[ORDER] = {
	IN_N(1. / 2, -2. / 3, 5. / 16, 41. / 180, -127. / 288, 7891. / 37800),
	IN_N(0, 13. / 48, -3. / 5, 557. / 1440, 281. / 630, -1983433. / 1935360),
	IN_N(0, 0, 61. / 240, -103. / 140, 15061. / 26880, 167603. / 181440),
	IN_N(0, 0, 0, 49561. / 161280, -179. / 168, 6601661. / 7257600),
	IN_N(0, 0, 0, 0, 34729. / 80640, -3418889. / 1995840),
	IN_N(0, 0, 0, 0, 0, 212378941. / 319334400),
};
static const double back[ORDER] = {
	IN_N(1. / 2, -2. / 3, 37. / 96, -1. / 360, -81. / 512, 96199. / 604800),
	IN_N(0, 1. / 48, 1. / 15, -437. / 1440, 46. / 105, -1118711. / 3870720),
	IN_N(0, 0, 17. / 480, -37. / 840, -209. / 4480, 5569. / 90720),
	IN_N(0, 0, 0, 4397. / 161280, -11. / 504, -830251. / 7257600),
	IN_N(0, 0, 0, 0, 4583. / 161280, -108847. / 3991680),
	IN_N(0, 0, 0, 0, 0, 20648693. / 638668800),
};

/* The sine of 2(ξ + iη) and its cosine, by parts. */
struct twice {
	double sin_re, sin_im, cos_re, cos_im;
};

static struct twice twice_of(double sin_xi, double cos_xi, double sinh_eta, double cosh_eta)
{
	double s = 2 * sin_xi * cos_xi, c = cos_xi * cos_xi - sin_xi * sin_xi, sh = 2 * sinh_eta * cosh_eta,
	       ch = cosh_eta * cosh_eta + sinh_eta * sinh_eta;
	return (struct twice){ s * ch, c * sh, c * ch, -s * sh };
}

/* The sum of c[j - 1] sin 2j(ξ + iη), by Clenshaw. */
static void bend(const double c[ORDER], struct twice t, double *ret_xi, double *ret_eta)
{
	double re = 0, im = 0, re1 = 0, im1 = 0;
	for (int j = ORDER; j-- > 0;) {
		double re2 = re1, im2 = im1;
		re1 = re;
		im1 = im;
		re = c[j] + 2 * (t.cos_re * re1 - t.cos_im * im1) - re2;
		im = 2 * (t.cos_re * im1 + t.cos_im * re1) - im2;
	}
	*ret_xi = t.sin_re * re - t.sin_im * im;
	*ret_eta = t.sin_re * im + t.sin_im * re;
}

/* The tangent of the conformal latitude. */
static double conformal(double tau)
{
	double e = sqrt(FLATTENING * (2 - FLATTENING)), root = sqrt(1 + tau * tau), s = sinh(e * atanh(e * tau / root));
	return tau * sqrt(1 + s * s) - s * root;
}

static double geographic(double tau1)
{
	double e2 = FLATTENING * (2 - FLATTENING), tau = tau1;
	for (int i = 0; i < 6; i++) {
		double at = conformal(tau), root2 = 1 + tau * tau;
		double step = (tau1 - at) / hypot(1, at) * (1 + (1 - e2) * tau * tau) / ((1 - e2) * sqrt(root2));
		tau += step;
		if (!(fabs(step) > 1e-16 * hypot(1, tau)))
			break;
	}
	return tau;
}

struct metres tm_from_lonlat(double meridian, struct lonlat p)
{
	double lambda = (p.lon - meridian) * DEG, tau = conformal(tan(p.lat * DEG)), c = cos(lambda), root = hypot(tau, c), dx, dy;
	double sinh_eta = sin(lambda) / root;
	bend(forth, twice_of(tau / root, c / root, sinh_eta, sqrt(1 + sinh_eta * sinh_eta)), &dx, &dy);
	return (struct metres){ FALSE_EAST + RADIUS * (asinh(sinh_eta) + dy), RADIUS * (atan2(tau, c) + dx) };
}

struct lonlat tm_to_lonlat(double meridian, struct metres m)
{
	double xi = m.north / RADIUS, eta = (m.east - FALSE_EAST) / RADIUS, dx, dy;
	bend(back, twice_of(sin(xi), cos(xi), sinh(eta), cosh(eta)), &dx, &dy);
	xi -= dx;
	eta -= dy;
	double sh = sinh(eta), c = cos(xi), tau = geographic(sin(xi) / hypot(sh, c));
	return (struct lonlat){ meridian + atan2(sh, c) / DEG, atan(tau) / DEG };
}

double tm_meridian(double lon)
{
	return 3 * floor(lon / 3 + 0.5);
}
