/* The tables of routes of this layer, each ended by method == NULL. */
#ifndef BH_GATEWAY_ROUTES_H
#define BH_GATEWAY_ROUTES_H

#include "http/http.h"

extern const struct route device_routes[];
extern const struct route mqtt_routes[];

#endif
