/* One thread that sends the outcome of writes on their way: waking a connection is a system call, and the
 * writer, for whom everybody waits, has better things to do. */
#include "http/internal.h"

static struct exchange *take_all(struct finisher *f)
{
	pthread_mutex_lock(&f->lock);
	while (!f->head && !f->stopping)
		pthread_cond_wait(&f->work, &f->lock);
	struct exchange *all = f->head;
	f->head = NULL;
	f->tail = &f->head;
	pthread_mutex_unlock(&f->lock);
	return all;
}

static void *work(void *arg)
{
	struct exchange *x;
	while ((x = take_all(arg)))
		while (x) {
			struct exchange *next = x->next; /* x may be gone after it */
			finish_write(x);
			x = next;
		}
	return NULL;
}

bool finisher_start(struct finisher *f)
{
	*f = (struct finisher){ .tail = &f->head };
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->work, NULL);
	f->running = pthread_create(&f->thread, NULL, work, f) == 0;
	return f->running;
}

void finisher_put(struct finisher *f, struct exchange *x)
{
	pthread_mutex_lock(&f->lock);
	bool asleep = !f->head;
	x->next = NULL;
	*f->tail = x;
	f->tail = &x->next;
	if (asleep) /* with the lock held: once x is finished the server may be taken away */
		pthread_cond_signal(&f->work);
	pthread_mutex_unlock(&f->lock);
}

void finisher_stop(struct finisher *f)
{
	pthread_mutex_lock(&f->lock);
	f->stopping = true;
	pthread_cond_signal(&f->work);
	pthread_mutex_unlock(&f->lock);
	if (f->running)
		pthread_join(f->thread, NULL);
	pthread_mutex_destroy(&f->lock);
	pthread_cond_destroy(&f->work);
}
