#include "num/fwi.h"

#include <math.h>

/* Rain onto fine fuel (3a, 3b). */
static double wetted(double mo, double rain)
{
	if (rain <= 0.5)
		return mo;
	double rf = rain - 0.5;
	double mr = mo + 42.5 * rf * exp(-100 / (251 - mo)) * (1 - exp(-6.93 / rf));
	if (mo > 150)
		mr += 0.0015 * (mo - 150) * (mo - 150) * sqrt(rf);
	return fmin(mr, 250);
}

/* log drying or wetting rate (6a, 6b, 7a, 7b); h is the relative humidity, or its complement, as a share. */
static double rate(double h, double wind, double temp)
{
	double k = 0.424 * (1 - pow(h, 1.7)) + 0.0694 * sqrt(wind) * (1 - pow(h, 8));
	return k * 0.581 * exp(0.0365 * temp);
}

double fwi_ffmc(const struct fwi_edition *e, double before, double temp, double rh, double wind, double rain)
{
	double mo = wetted(e->c * (101 - before) / (59.5 + before), rain), m = mo;
	double common = 0.18 * (21.1 - temp) * (1 - exp(-0.115 * rh));
	double ed = 0.942 * pow(rh, 0.679) + 11 * exp((rh - 100) / 10) + common;  /* (4) */
	double ew = 0.618 * pow(rh, 0.753) + 10 * exp((rh - 100) / 10) + common;  /* (5) */
	if (mo > ed)
		m = ed + (mo - ed) * pow(10, -rate(rh / 100, wind, temp));        /* (8) */
	else if (mo < ew && mo < ed)
		m = ew - (ew - mo) * pow(10, -rate((100 - rh) / 100, wind, temp)); /* (9) */
	double f = 59.5 * (250 - m) / (e->c + m);                                 /* (10) */
	return fmax(0, fmin(101, f));
}

/* Rain onto duff (11–15). */
static double duff_wetted(double before, double rain)
{
	if (rain <= 1.5)
		return before;
	double re = 0.92 * rain - 1.27, mo = 20 + 280 / exp(0.023 * before);
	double b = before <= 33 ? 100 / (0.5 + 0.3 * before) : before <= 65 ? 14 - 1.3 * log(before) : 6.2 * log(before) - 17.2;
	double mr = mo + 1000 * re / (48.77 + b * re);
	return fmax(0, 43.43 * (5.6348 - log(mr - 20)));
}

double fwi_dmc(double before, double temp, double rh, double rain, double hours)
{
	double k = 1.894 * (fmax(temp, -1.1) + 1.1) * (100 - rh) * hours * 1e-4; /* (16) */
	return fmax(0, duff_wetted(before, rain) + k);
}

double fwi_dc(double before, double temp, double rain, double factor)
{
	double v = fmax(0, (0.36 * (fmax(temp, -2.8) + 2.8) + factor) / 2);      /* (22) */
	if (rain > 2.8) {
		double rd = 0.83 * rain - 1.27, q = 800 * exp(-before / 400);    /* (18)–(21) */
		before = fmax(0, before - 400 * log(1 + 3.937 * rd / q));
	}
	return fmax(0, before + v);
}

double fwi_isi(const struct fwi_edition *e, double ffmc, double wind)
{
	double m = e->c * (101 - ffmc) / (59.5 + ffmc);
	return 0.208 * exp(0.05039 * wind) * 91.9 * exp(-0.1386 * m) * (1 + pow(m, 5.31) / 4.93e7); /* (24)–(26) */
}

double fwi_bui(double dmc, double dc)
{
	if (dmc + 0.4 * dc <= 0)
		return 0;
	if (dmc <= 0.4 * dc)
		return fmax(0, 0.8 * dmc * dc / (dmc + 0.4 * dc));               /* (27a) */
	return fmax(0, dmc - (1 - 0.8 * dc / (dmc + 0.4 * dc)) * (0.92 + pow(0.0114 * dmc, 1.7)));  /* (27b) */
}

double fwi_of(double isi, double bui)
{
	double fd = bui <= 80 ? 0.626 * pow(bui, 0.809) + 2 : 1000 / (25 + 108.64 * exp(-0.023 * bui)); /* (28) */
	double b = 0.1 * isi * fd;
	return b > 1 ? exp(2.72 * pow(0.434 * log(b), 0.647)) : b;               /* (29), (30) */
}

double fwi_dsr(double fwi)
{
	return 0.0272 * pow(fwi, 1.77);                                          /* (31) */
}

bool fwi_bands(const struct fwi_edition *e, double lat, int month, double *ret_hours, double *ret_factor)
{
	bool hours = false, factor = false;
	if (month < 1 || month > 12)
		return false;
	for (int i = 0; i < e->ndmc && !hours; i++) {
		hours = lat > e->dmc[i].lat_lo && lat <= e->dmc[i].lat_hi;
		if (hours)
			*ret_hours = e->dmc[i].dmc_hours[month - 1];
	}
	for (int i = 0; i < e->ndc && !factor; i++) {
		factor = lat > e->dc[i].lat_lo && lat <= e->dc[i].lat_hi;
		if (factor)
			*ret_factor = e->dc[i].factor[month - 1];
	}
	return hours && factor;
}

static bool sensible(const struct fwi_state *s, const struct fwi_weather *w)
{
	return s->ffmc >= 0 && s->ffmc <= 101 && s->dmc >= 0 && s->dc >= 0 && isfinite(s->dmc) && isfinite(s->dc) &&
	       w->rh >= 0 && w->rh <= 100 && w->wind >= 0 && w->rain >= 0 && isfinite(w->temp) && isfinite(w->wind) &&
	       isfinite(w->rain) && fabs(w->temp) <= 100 && w->lat >= -90 && w->lat <= 90;
}

bool fwi_day(const struct fwi_edition *e, const struct fwi_state *before, const struct fwi_weather *w, struct fwi *ret)
{
	double hours, factor, rh = fmin(w->rh, 99.9999);
	if (!sensible(before, w) || !fwi_bands(e, w->lat, w->month, &hours, &factor))
		return false;
	struct fwi f;
	f.ffmc = fwi_ffmc(e, before->ffmc, w->temp, rh, w->wind, w->rain);
	f.dmc = fwi_dmc(before->dmc, w->temp, rh, w->rain, hours);
	f.dc = fwi_dc(before->dc, w->temp, w->rain, factor);
	f.isi = fwi_isi(e, f.ffmc, w->wind);
	f.bui = fwi_bui(f.dmc, f.dc);
	f.fwi = fwi_of(f.isi, f.bui);
	f.dsr = fwi_dsr(f.fwi);
	if (!isfinite(f.ffmc + f.dmc + f.dc + f.isi + f.bui + f.fwi + f.dsr))
		return false;
	*ret = f;
	return true;
}
