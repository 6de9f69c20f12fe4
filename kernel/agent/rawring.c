/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rawring.c - one ring through the system calls themselves, no library in between
 */
#include "kernel/agent/rawring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "kernel/agent/proto.h"
#include "model/abi/abi.h"

/* The x86-64 numbers, so that an old libc builds this too. */
#define SYS_URING_SETUP       425
#define SYS_URING_ENTER       426
#define SYS_URING_REGISTER    427
#define REGISTER_RESTRICTIONS 11
#define REGISTER_ENABLE_RINGS 12
#define REGISTER_MAX_WORKERS  19

#define OFF_RINGS      UINT64_C(0)
#define OFF_SQES       UINT64_C(0x10000000)
#define SQ_NEED_WAKEUP (1u << 0) /* bits of the shared SQ flags word */
#define SQ_CQ_OVERFLOW (1u << 1)
#define SQ_IDLE_MS     1u /* of an SQ thread: it must sleep for us to see quiet */

typedef struct RawSqOffsets {
	uint32_t head, tail, ring_mask, ring_entries, flags, dropped, array, resv;
	uint64_t user_addr;
} RawSqOffsets;

typedef struct RawCqOffsets {
	uint32_t head, tail, ring_mask, ring_entries, overflow, cqes, flags, resv;
	uint64_t user_addr;
} RawCqOffsets;

typedef struct RawParams {
	uint32_t sq_entries, cq_entries, flags, sq_thread_cpu, sq_thread_idle;
	uint32_t features, wq_fd, resv[3];
	RawSqOffsets sq_off;
	RawCqOffsets cq_off;
} RawParams;
_Static_assert(sizeof(RawParams) == 120, "size of struct io_uring_params");

/* struct io_uring_getevents_arg */
typedef struct RawGetevents {
	uint64_t sigmask;
	uint32_t sigmask_sz, min_wait_usec;
	uint64_t ts;
} RawGetevents;
_Static_assert(sizeof(RawGetevents) == 24, "size of struct io_uring_getevents_arg");

void raw_ring_init(RawRing *ring)
{
	*ring = (RawRing){.fd = -1};
	pthread_mutex_init(&ring->lock, NULL);
}

/* Where everything is in the memory at @base. */
static int ring_point(RawRing *ring, char *base, const RawParams *p)
{
	ring->sq_head = (uint32_t *)(base + p->sq_off.head);
	ring->sq_tail = (uint32_t *)(base + p->sq_off.tail);
	ring->sq_flags = (uint32_t *)(base + p->sq_off.flags);
	ring->cq_head = (uint32_t *)(base + p->cq_off.head);
	ring->cq_overflow = (uint32_t *)(base + p->cq_off.overflow);
	ring->cqes = (RawCqe *)(base + p->cq_off.cqes);
	if (!(p->flags & ABI_SETUP_NO_SQARRAY)) {
		uint32_t *array = (uint32_t *)(base + p->sq_off.array);

		for (uint32_t i = 0; i < p->sq_entries; i++)
			array[i] = i;
	}
	__atomic_store_n(&ring->cq_tail, (uint32_t *)(base + p->cq_off.tail),
			 __ATOMIC_SEQ_CST);
	return 0;
}

/* Both rings are one mapping on every kernel we run (IORING_FEAT_SINGLE_MMAP). */
static int ring_map(RawRing *ring, const RawParams *p)
{
	const size_t cqe_bytes = sizeof(RawCqe) << ring->cqe_shift;
	size_t sq_bytes = p->sq_off.array + p->sq_entries * sizeof(uint32_t);
	size_t cq_bytes = p->cq_off.cqes + p->cq_entries * cqe_bytes;
	const int prot = PROT_READ | PROT_WRITE, how = MAP_SHARED | MAP_POPULATE;

	if (ring->own) {
		ring->sqes = (RawSqe *)(void *)((char *)ring->own + RAW_OWN_BYTES / 2);
		return ring_point(ring, ring->own, p);
	}
	ring->map_bytes = sq_bytes > cq_bytes ? sq_bytes : cq_bytes;
	ring->sqes_bytes = p->sq_entries * sizeof(RawSqe);
	ring->map = mmap(NULL, ring->map_bytes, prot, how, ring->fd, (off_t)OFF_RINGS);
	if (ring->map == MAP_FAILED) {
		ring->map = NULL;
		return -errno;
	}
	ring->sqes = mmap(NULL, ring->sqes_bytes, prot, how, ring->fd, (off_t)OFF_SQES);
	if (ring->sqes == MAP_FAILED) {
		ring->sqes = NULL;
		return -errno;
	}
	return ring_point(ring, ring->map, p);
}

int raw_ring_try(uint32_t entries, uint32_t cq, uint32_t flags)
{
	RawParams p = {.flags = flags, .cq_entries = cq};
	const long fd = syscall(SYS_URING_SETUP, entries, &p);

	if (fd < 0)
		return -errno;
	close((int)fd);
	return 0;
}

void raw_ring_log_free(RawRing *ring)
{
	if (ring->log)
		munmap(ring->log, ring->log_max * sizeof(*ring->log));
	ring->log = NULL;
	ring->log_max = 0;
}

int raw_ring_reserve(RawRing *ring, uint32_t log_max)
{
	void *log;

	if (ring->log_max >= log_max)
		return 0;
	log = mmap(NULL, log_max * sizeof(*ring->log), PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (log == MAP_FAILED)
		return -ENOMEM;
	raw_ring_log_free(ring);
	ring->log = log;
	ring->log_max = log_max;
	return 0;
}

int raw_ring_open(RawRing *ring, uint32_t entries, uint32_t cq, uint32_t flags,
		  uint32_t log_max)
{
	RawParams p = {.flags = flags, .cq_entries = cq, .sq_thread_idle = SQ_IDLE_MS};
	long fd;
	int err;

	if (ring->own && entries > RAW_OWN_MAX)
		return -ENOMEM;
	if (ring->own) {
		p.flags |= ABI_SETUP_NO_MMAP;
		p.cq_off.user_addr = (uintptr_t)ring->own;
		p.sq_off.user_addr = (uintptr_t)ring->own + RAW_OWN_BYTES / 2;
	}
	fd = syscall(SYS_URING_SETUP, entries, &p);

	if (fd < 0)
		return -errno;
	ring->fd = (int)fd;
	ring->sq_entries = p.sq_entries;
	ring->cq_entries = p.cq_entries;
	ring->sqpoll = flags & ABI_SETUP_SQPOLL;
	ring->cqe_shift = flags & ABI_SETUP_CQE32 ? 1 : 0;
	ring->mixed = flags & ABI_SETUP_CQE_MIXED;
	ring->submitted = ring->base = ring->filled = 0;
	ring->log_n = 0;
	ring->flood = false;
	err = raw_ring_reserve(ring, log_max);
	if (err == 0)
		err = ring_map(ring, &p);
	return err;
}

void raw_ring_close(RawRing *ring)
{
	if (ring->fd < 0 && !ring->shut)
		return;
	while (ring->spare_n)
		close(ring->spare[--ring->spare_n]);
	if (ring->sqes && !ring->own)
		munmap(ring->sqes, ring->sqes_bytes);
	if (ring->map)
		munmap(ring->map, ring->map_bytes);
	if (!ring->foreign && !ring->shut)
		close(ring->fd);
	/* The kernel may still write to it: a new one for the next run. */
	if (ring->own && !ring->foreign) {
		munmap(ring->own, RAW_OWN_BYTES);
		ring->own = NULL;
	}
	ring->shut = false;
	ring->sqes = NULL;
	ring->map = NULL;
	ring->cq_tail = NULL;
	ring->fd = -1;
}

bool raw_ring_own(RawRing *ring)
{
	ring->own = mmap(NULL, RAW_OWN_BYTES, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (ring->own != MAP_FAILED)
		return true;
	ring->own = NULL;
	return false;
}

int raw_ring_shut(RawRing *ring)
{
	const int fd = ring->fd;

	if (fd < 0)
		return -EBADF;
	ring->shut = ring->spare_n == 0;
	ring->fd = ring->shut ? -1 : ring->spare[--ring->spare_n];
	return close(fd) ? -errno : 0;
}

int raw_ring_dup(RawRing *ring)
{
	const int fd = ring->spare_n < RAW_DUPS_MAX ? dup(ring->fd) : -1;

	if (fd < 0)
		return -errno;
	ring->spare[ring->spare_n++] = fd;
	return 0;
}

void raw_ring_retire(RawRing *ring)
{
	__atomic_store_n(&ring->cq_tail, NULL, __ATOMIC_SEQ_CST);
}

void raw_ring_again(RawRing *ring)
{
	ring->base = *ring->cq_tail;
	ring->submitted = 0;
	ring->log_n = 0;
	ring->left = ring->flood = false;
}

bool raw_ring_fill(RawRing *ring, const RawSqe *sqe)
{
	uint32_t tail;
	bool room;

	pthread_mutex_lock(&ring->lock);
	tail = ring->sqpoll ? ring->filled : *ring->sq_tail;
	room = tail - __atomic_load_n(ring->sq_head, __ATOMIC_ACQUIRE) < ring->sq_entries;
	if (room) {
		ring->sqes[tail & (ring->sq_entries - 1)] = *sqe;
		ring->filled = tail + 1;
	}
	if (room && !ring->sqpoll) {
		/* The kernel reads the entry after it has seen the tail. */
		__atomic_store_n(ring->sq_tail, tail + 1, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&ring->lock);
	return room;
}

int raw_ring_enter(RawRing *ring, uint32_t submit, uint32_t wait, uint32_t flags)
{
	long n;

	if (ring->sqpoll) {
		pthread_mutex_lock(&ring->lock);
		n = ring->filled - *ring->sq_tail;
		if (n > submit)
			n = submit;
		__atomic_store_n(ring->sq_tail, *ring->sq_tail + (uint32_t)n,
				 __ATOMIC_SEQ_CST);
		pthread_mutex_unlock(&ring->lock);
		if (__atomic_load_n(ring->sq_flags, __ATOMIC_SEQ_CST) & SQ_NEED_WAKEUP)
			flags |= ABI_ENTER_SQ_WAKEUP;
	}
	n = syscall(SYS_URING_ENTER, ring->fd, submit, wait, flags, NULL, 0);
	if (n < 0)
		return -errno;
	__atomic_fetch_add(&ring->submitted, (uint32_t)n, __ATOMIC_RELAXED);
	return (int)n;
}

int raw_ring_enter_timed(RawRing *ring, uint32_t submit, uint32_t wait, uint32_t flags,
			 uint64_t ns)
{
	const struct timespec ts = {.tv_sec = (time_t)(ns / 1000000000),
				    .tv_nsec = (long)(ns % 1000000000)};
	const RawGetevents arg = {.ts = (uintptr_t)&ts};
	long n = syscall(SYS_URING_ENTER, ring->fd, submit, wait, flags, &arg,
			 sizeof(arg));

	if (n < 0)
		return -errno;
	__atomic_fetch_add(&ring->submitted, (uint32_t)n, __ATOMIC_RELAXED);
	return (int)n;
}

int raw_ring_restrict(RawRing *ring, const RawRestriction *list, uint32_t n)
{
	return syscall(SYS_URING_REGISTER, ring->fd, REGISTER_RESTRICTIONS, list, n)
		       ? -errno
		       : 0;
}

int raw_ring_enable(RawRing *ring)
{
	return syscall(SYS_URING_REGISTER, ring->fd, REGISTER_ENABLE_RINGS, NULL, 0)
		       ? -errno
		       : 0;
}

int raw_ring_workers(const RawRing *ring, bool unbounded, uint32_t n)
{
	uint32_t max[2] = {0, 0};

	max[unbounded] = n;
	return syscall(SYS_URING_REGISTER, ring->fd, REGISTER_MAX_WORKERS, max, 2) < 0
		       ? -errno
		       : 0;
}

int raw_ring_register(const RawRing *ring, uint32_t opcode, const void *arg, uint32_t n)
{
	const long ret = syscall(SYS_URING_REGISTER, ring->fd, opcode, arg, n);

	return ret < 0 ? -errno : (int)ret;
}

uint32_t raw_ring_ready(const RawRing *ring)
{
	return __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE) - *ring->cq_head;
}

const RawCqe *raw_ring_cqe(const RawRing *ring, uint32_t at)
{
	return &ring->cqes[(size_t)(at & (ring->cq_entries - 1)) << ring->cqe_shift];
}

uint32_t raw_ring_step(const RawRing *ring, uint32_t at)
{
	return ring->mixed && raw_ring_cqe(ring, at)->flags & ABI_CQE_32 ? 2 : 1;
}

bool raw_ring_filler(const RawRing *ring, uint32_t at)
{
	return ring->mixed && raw_ring_cqe(ring, at)->flags & ABI_CQE_SKIP;
}

/* Whose CQE it is: a notification has a number of its own. */
static RawSeen seen(const RawCqe *cqe)
{
	const uint32_t mark = (uint32_t)(cqe->user_data >> 32);
	RawSeen s = {.sqe = (uint32_t)cqe->user_data,
		     .res = cqe->res,
		     .flags = cqe->flags,
		     .notified = mark & ~PROTO_MARK_FD};

	if (mark & PROTO_MARK_FD && cqe->res > 0) {
		s.fd = cqe->res;
		s.res = 0;
	} else if (cqe->flags & ABI_CQE_NOTIF) {
		s.sqe = mark;
	}
	return s;
}

/* The last one of its SQE: of a zero-copy send the notification. */
static bool is_final(uint32_t flags, bool notified)
{
	return !(flags & ABI_CQE_MORE) && (!notified || flags & ABI_CQE_NOTIF);
}

uint32_t raw_ring_reap(RawRing *ring, uint32_t max)
{
	uint32_t n, head;

	pthread_mutex_lock(&ring->lock);
	n = raw_ring_ready(ring);
	head = *ring->cq_head;
	if (n > max)
		n = max;
	for (const uint32_t end = head + n; head != end;
	     head += raw_ring_step(ring, head)) {
		const RawCqe *cqe = raw_ring_cqe(ring, head);

		if (raw_ring_filler(ring, head))
			continue;
		if (ring->log_n == ring->log_max) {
			ring->flood = true;
			break;
		}
		ring->log[ring->log_n++] = seen(cqe);
	}
	/* The slot may be written again only when it has been read. */
	__atomic_store_n(ring->cq_head, head, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&ring->lock);
	return n;
}

bool raw_ring_result(RawRing *ring, uint32_t sqe, int32_t *ret)
{
	bool found = false;
	uint32_t n;

	pthread_mutex_lock(&ring->lock);
	for (uint32_t i = 0; i < ring->log_n && !found; i++) {
		found = ring->log[i].sqe == sqe;
		*ret = ring->log[i].res;
	}
	n = ring->cq_tail ? raw_ring_ready(ring) : 0;
	for (uint32_t i = 0; i < n && !found; i++) {
		const RawCqe *cqe =
			&ring->cqes[(*ring->cq_head + i) & (ring->cq_entries - 1)];

		found = cqe->user_data == sqe;
		*ret = cqe->res;
	}
	pthread_mutex_unlock(&ring->lock);
	return found;
}

uint32_t raw_ring_tail(const RawRing *ring)
{
	const uint32_t *tail = __atomic_load_n(&ring->cq_tail, __ATOMIC_SEQ_CST);

	return tail ? __atomic_load_n(tail, __ATOMIC_ACQUIRE) - ring->base : 0;
}

uint32_t raw_ring_final(RawRing *ring)
{
	uint32_t n = 0;

	pthread_mutex_lock(&ring->lock);
	for (uint32_t i = 0; i < ring->log_n; i++)
		n += is_final(ring->log[i].flags, ring->log[i].notified);
	if (ring->cq_tail)
		for (uint32_t i = *ring->cq_head,
			      end = __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE);
		     i != end; i += raw_ring_step(ring, i))
			n += !raw_ring_filler(ring, i) &&
			     is_final(raw_ring_cqe(ring, i)->flags,
				      raw_ring_cqe(ring, i)->user_data >> 32 &
					      ~(uint64_t)PROTO_MARK_FD);
	pthread_mutex_unlock(&ring->lock);
	return n;
}

bool raw_ring_pending(const RawRing *ring)
{
	return ring->cq_tail && (ring->sqpoll ? ring->filled : *ring->sq_tail) !=
					__atomic_load_n(ring->sq_head, __ATOMIC_ACQUIRE);
}

bool raw_ring_overflown(const RawRing *ring)
{
	return __atomic_load_n(&ring->cq_tail, __ATOMIC_SEQ_CST) &&
	       __atomic_load_n(ring->sq_flags, __ATOMIC_ACQUIRE) & SQ_CQ_OVERFLOW;
}
