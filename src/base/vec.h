/* A growing array in an arena: VEC(int) v = {0}; vec_push(a, &v, 3); for (size_t i…) v.v[i] */
#ifndef BH_BASE_VEC_H
#define BH_BASE_VEC_H

#include "base/arena.h"

#define VEC(T)                                                                                     \
	struct {                                                                                   \
		T *v;                                                                              \
		size_t n, cap;                                                                     \
	}

#define vec_reserve(a, vp, want)                                                                   \
	do {                                                                                       \
		if ((want) > (vp)->cap) {                                                          \
			size_t cap_ = (vp)->cap ? (vp)->cap * 2 : 8;                               \
			if (cap_ < (want))                                                         \
				cap_ = (want);                                                     \
			(vp)->v = arena_grow_raw((a), (vp)->v, (vp)->cap * sizeof *(vp)->v,        \
						 (vp)->n * sizeof *(vp)->v,                        \
						 cap_ * sizeof *(vp)->v);                          \
			(vp)->cap = cap_;                                                          \
		}                                                                                  \
	} while (0)

#define vec_push(a, vp, ...)                                                                       \
	do {                                                                                       \
		vec_reserve((a), (vp), (vp)->n + 1);                                               \
		(vp)->v[(vp)->n++] = (__VA_ARGS__);                                                \
	} while (0)

#endif
