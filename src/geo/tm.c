#include "geo/tm.h"

#include <math.h>

#define DEG (M_PI / 180)
#define SEMI_MAJOR 6378137.0
#define FLATTENING (1 / 298.257222101)
#define FALSE_EAST 500000.0

enum { ORDER = 6 };

/* C. F. F. Karney, Transverse Mercator with an accuracy of a few nanometers (2011), equations 35 and 36: rows j = 1…6 of
 * coefficients of n^j … n^6. */
static const double forth[ORDER][ORDER] = {
	{ 1. / 2, -2. / 3, 5. / 16, 41. / 180, -127. / 288, 7891. / 37800 },
	{ 0, 13. / 48, -3. / 5, 557. / 1440, 281. / 630, -1983433. / 1935360 },
	{ 0, 0, 61. / 240, -103. / 140, 15061. / 26880, 167603. / 181440 },
	{ 0, 0, 0, 49561. / 161280, -179. / 168, 6601661. / 7257600 },
	{ 0, 0, 0, 0, 34729. / 80640, -3418889. / 1995840 },
	{ 0, 0, 0, 0, 0, 212378941. / 319334400 },
};
static const double back[ORDER][ORDER] = {
	{ 1. / 2, -2. / 3, 37. / 96, -1. / 360, -81. / 512, 96199. / 604800 },
	{ 0, 1. / 48, 1. / 15, -437. / 1440, 46. / 105, -1118711. / 3870720 },
	{ 0, 0, 17. / 480, -37. / 840, -209. / 4480, 5569. / 90720 },
	{ 0, 0, 0, 4397. / 161280, -11. / 504, -830251. / 7257600 },
	{ 0, 0, 0, 0, 4583. / 161280, -108847. / 3991680 },
	{ 0, 0, 0, 0, 0, 20648693. / 638668800 },
};

static double third(void)
{
	return FLATTENING / (2 - FLATTENING);
}

static double radius(void)
{
	double n = third(), n2 = n * n;
	return SEMI_MAJOR / (1 + n) * (1 + n2 / 4 + n2 * n2 / 64 + n2 * n2 * n2 / 256);
}

static double coefficient(const double row[ORDER])
{
	double n = third(), sum = 0;
	for (int k = ORDER - 1; k >= 0; k--)
		sum = (sum + row[k]) * n;
	return sum;
}

/* xi and eta plus or minus the series. */
static void bend(const double c[ORDER][ORDER], double sign, double xi, double eta, double *ret_xi, double *ret_eta)
{
	double x = xi, y = eta;
	for (int j = 1; j <= ORDER; j++) {
		double a = sign * coefficient(c[j - 1]);
		x += a * sin(2 * j * xi) * cosh(2 * j * eta);
		y += a * cos(2 * j * xi) * sinh(2 * j * eta);
	}
	*ret_xi = x;
	*ret_eta = y;
}

/* The tangent of the conformal latitude. */
static double conformal(double tau)
{
	double e = sqrt(FLATTENING * (2 - FLATTENING)), root = hypot(1, tau), s = sinh(e * atanh(e * tau / root));
	return tau * hypot(1, s) - s * root;
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
	double lambda = (p.lon - meridian) * DEG, tau = conformal(tan(p.lat * DEG)), xi, eta;
	bend(forth, 1, atan2(tau, cos(lambda)), asinh(sin(lambda) / hypot(tau, cos(lambda))), &xi, &eta);
	return (struct metres){ FALSE_EAST + radius() * eta, radius() * xi };
}

struct lonlat tm_to_lonlat(double meridian, struct metres m)
{
	double xi, eta;
	bend(back, -1, m.north / radius(), (m.east - FALSE_EAST) / radius(), &xi, &eta);
	double tau = geographic(sin(xi) / hypot(sinh(eta), cos(xi)));
	return (struct lonlat){ meridian + atan2(sinh(eta), cos(xi)) / DEG, atan(tau) / DEG };
}

double tm_meridian(double lon)
{
	return 3 * floor(lon / 3 + 0.5);
}
