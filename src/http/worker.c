/* A few threads for long work, behind a bounded queue. */
#include "http/internal.h"

static struct exchange *take(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	while (!p->head && !p->stopping)
		pthread_cond_wait(&p->work, &p->lock);
	struct exchange *x = p->head;
	if (x) {
		p->head = x->next;
		if (!p->head)
			p->tail = &p->head;
		p->queued--;
	}
	pthread_mutex_unlock(&p->lock);
	return x;
}

static void *work(void *arg)
{
	struct exchange *x;
	while ((x = take(arg)))
		run_slow(x);
	return NULL;
}

bool pool_start(struct pool *p, int workers, int max_queue)
{
	*p = (struct pool){ .max = max_queue };
	p->tail = &p->head;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	for (int i = 0; i < workers && i < (int)COUNT_OF(p->threads); i++) {
		if (pthread_create(&p->threads[i], NULL, work, p) != 0)
			return false;
		p->n++;
	}
	return true;
}

bool pool_put(struct pool *p, struct exchange *x)
{
	pthread_mutex_lock(&p->lock);
	bool room = p->queued < p->max && !p->stopping;
	if (room) {
		x->next = NULL;
		*p->tail = x;
		p->tail = &x->next;
		p->queued++;
		pthread_cond_signal(&p->work);
	}
	pthread_mutex_unlock(&p->lock);
	return room;
}

void pool_stop(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (int i = 0; i < p->n; i++)
		pthread_join(p->threads[i], NULL);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->work);
}
