/* Canadian forest fire weather index: Van Wagner 1987 (FTR-35), equations as numbered there. Noon local standard
 * time: temperature °C, relative humidity %, wind km/h at 10 m, rain of 24 hours mm. */
#ifndef BH_NUM_FWI_H
#define BH_NUM_FWI_H

#include <stdbool.h>

#include "base/macro.h"

/* What editions differ in; of catalog/fwi. */
struct fwi_edition {
	double c;                         /* of the fine fuel moisture scale: 147.2, or 250·59.5/101 */
	struct fwi_band {
		double lat_lo, lat_hi;    /* degrees north, lo < lat <= hi */
		double dmc_hours[12];     /* effective day length Le */
	} dmc[6];
	int ndmc;
	struct fwi_factor {
		double lat_lo, lat_hi;
		double factor[12];        /* Lf */
	} dc[6];
	int ndc;
};
struct fwi_state {
	double ffmc, dmc, dc;             /* of yesterday */
};
struct fwi_weather {
	double lat;                       /* degrees, north positive */
	int month;                        /* 1…12 */
	double temp, rh, wind, rain;
};
struct fwi {
	double ffmc, dmc, dc, isi, bui, fwi, dsr;
};

/* False when a value is out of any sense: rh outside 0…100, negative wind or rain, codes out of range, NaN, a
 * latitude without a day length. rh of 100 counts as 99.9999. */
bool fwi_day(const struct fwi_edition *e, const struct fwi_state *before, const struct fwi_weather *w,
	     struct fwi *ret) MUST_USE;

/* The parts. */
double fwi_ffmc(const struct fwi_edition *e, double before, double temp, double rh, double wind, double rain);
double fwi_dmc(double before, double temp, double rh, double rain, double hours);
double fwi_dc(double before, double temp, double rain, double factor);
double fwi_isi(const struct fwi_edition *e, double ffmc, double wind);
double fwi_bui(double dmc, double dc);
double fwi_of(double isi, double bui);
double fwi_dsr(double fwi);
bool fwi_bands(const struct fwi_edition *e, double lat, int month, double *ret_hours, double *ret_factor) MUST_USE;

#endif
