/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rawring.h - one ring through the system calls themselves, no library in between
 *
 * Kernel: include/uapi/linux/io_uring.h as facts: sizes and offsets are checked below.
 * Layer:  kernel/agent; may include model/abi and proto.h.
 * Owns:   RawRing owns its descriptor, mappings and log; raw_ring_close().
 * Errors: negative errno, as the kernel returns it. This is the one place of the project
 *         where an int is a kernel's answer.
 */
#ifndef KERNEL_AGENT_RAWRING_H
#define KERNEL_AGENT_RAWRING_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One submission queue entry, 64 bytes; fields that no scenario uses are pad. */
typedef struct RawSqe {
	uint8_t opcode;
	uint8_t flags;
	uint16_t ioprio;
	int32_t fd;
	uint64_t off;
	uint64_t addr;
	uint32_t len;
	uint32_t op_flags; /* rw_flags, timeout_flags, nop_flags, .. */
	uint64_t user_data;
	uint16_t buf_index;
	uint16_t personality;
	uint32_t file_index;
	uint64_t addr3;
	uint64_t cmd_addr;
} RawSqe;
_Static_assert(sizeof(RawSqe) == 64, "size of struct io_uring_sqe");
_Static_assert(offsetof(RawSqe, user_data) == 32, "place of sqe->user_data");

typedef struct RawCqe {
	uint64_t user_data;
	int32_t res;
	uint32_t flags;
} RawCqe;
_Static_assert(sizeof(RawCqe) == 16, "size of struct io_uring_cqe");

#define RAW_OWN_BYTES 8192u /* a page for the ring, one for its SQEs */
#define RAW_DUPS_MAX  7u
#define RAW_OWN_MAX   32u /* SQEs of such a ring */

#define RAW_NOP_INJECT 1u /* IORING_NOP_INJECT_RESULT: CQE gets sqe->len as its res */

/* A CQE as it was seen, in ring order. */
typedef struct RawSeen {
	uint32_t sqe; /* user_data: number of the SQE */
	int32_t res;
	uint32_t flags;
	bool notified; /* of a send that has a notification, or that itself */
	int fd;        /* > 0: the descriptor that it brought */
} RawSeen;

/* struct io_uring_restriction */
typedef struct RawRestriction {
	uint16_t opcode;
	uint8_t value, resv;
	uint32_t resv2[3];
} RawRestriction;
_Static_assert(sizeof(RawRestriction) == 16, "size of struct io_uring_restriction");

typedef struct RawRing {
	int fd; /* -1: not set up */
	uint32_t sq_entries, cq_entries;
	bool sqpoll;
	uint32_t *sq_head, *sq_tail, *sq_flags; /* shared with the kernel */
	uint32_t *cq_head, *cq_overflow;
	uint32_t *cq_tail; /* not NULL: everything above can be used */
	RawCqe *cqes;
	unsigned cqe_shift; /* CQE32: they are twice as large */
	bool mixed;         /* CQE_MIXED: some of them are, and take two slots */
	RawSqe *sqes;
	void *map;
	size_t map_bytes, sqes_bytes;
	pthread_mutex_t lock; /* tasks that share the ring fill and reap in turn */
	uint32_t submitted;   /* SQEs that enter said were consumed */
	uint32_t filled;      /* SQPOLL: tail that enter has not published yet */
	uint32_t base;        /* CQ tail at the start of this run */
	void *own; /* RAW_OWN_BYTES of shared memory to be the ring; NULL: the kernel's */
	int spare[RAW_DUPS_MAX]; /* more descriptors of it */
	uint32_t spare_n;
	bool shut;    /* fd was closed; the memory is still there */
	bool foreign; /* its descriptor is one of another process */
	RawSeen *log; /* shared memory */
	uint32_t log_n, log_max;
	bool left;  /* at the end of a run: CQEs stay on the overflow list */
	bool flood; /* more CQEs than log_max: somebody posts twice */
} RawRing;

/*
 * Set up @ring; its log has room for @log_max CQEs. 0 or -errno of io_uring_setup(2) or
 * mmap(2). @ring is raw_ring_init()-ed before and may be used again after a close.
 */
void raw_ring_init(RawRing *ring);
int raw_ring_open(RawRing *ring, uint32_t entries, uint32_t cq, uint32_t flags,
		  uint32_t log_max);
void raw_ring_close(RawRing *ring);

/* Close or duplicate a descriptor of it, as a statement does: 0 or -errno. */
int raw_ring_shut(RawRing *ring);
int raw_ring_dup(RawRing *ring);

/* Memory of ours for a ring that is opened next. False: there is none. */
bool raw_ring_own(RawRing *ring);

/* Room for @log_max CQEs in its log, also for processes that are forked now. */
int raw_ring_reserve(RawRing *ring, uint32_t log_max);
void raw_ring_log_free(RawRing *ring);

/* Only io_uring_setup(2), and a close if it succeeds: 0 or -errno. */
int raw_ring_try(uint32_t entries, uint32_t cq, uint32_t flags);

/* It will be closed by another thread: nobody may look at it any more. */
void raw_ring_retire(RawRing *ring);

/*
 * Another run on the same ring. Only if the last one left nothing behind: every SQE had
 * its CQE and all of them were consumed.
 */
void raw_ring_again(RawRing *ring);

/* Copy @sqe to the tail; false if the SQ is full. With SQPOLL enter publishes it. */
bool raw_ring_fill(RawRing *ring, const RawSqe *sqe);

/* io_uring_enter(2); counts what was submitted, and wakes an SQ thread that sleeps. */
int raw_ring_enter(RawRing *ring, uint32_t submit, uint32_t wait, uint32_t flags);

/* The same with IORING_ENTER_EXT_ARG: at most so long. */
int raw_ring_enter_timed(RawRing *ring, uint32_t submit, uint32_t wait, uint32_t flags,
			 uint64_t ns);

/* IORING_REGISTER_RESTRICTIONS */
int raw_ring_restrict(RawRing *ring, const RawRestriction *list, uint32_t n);

/* IORING_REGISTER_ENABLE_RINGS */
int raw_ring_enable(RawRing *ring);

/* IORING_REGISTER_IOWQ_MAX_WORKERS of one of the two pools: 0 or -errno. */
int raw_ring_workers(const RawRing *ring, bool unbounded, uint32_t n);

/* io_uring_register(2): what it returns, or -errno. */
int raw_ring_register(const RawRing *ring, uint32_t opcode, const void *arg, uint32_t n);

/* CQEs visible now. */
uint32_t raw_ring_ready(const RawRing *ring);

/* Consume at most @max CQEs into the log; how many there were. */
/* The CQE in slot @at of all that ever were; slots that it takes; it is none. */
const RawCqe *raw_ring_cqe(const RawRing *ring, uint32_t at);
uint32_t raw_ring_step(const RawRing *ring, uint32_t at);
bool raw_ring_filler(const RawRing *ring, uint32_t at);

uint32_t raw_ring_reap(RawRing *ring, uint32_t max);

/* The result of SQE @sqe, if its CQE was posted: consumed or not. */
bool raw_ring_result(RawRing *ring, uint32_t sqe, int32_t *ret);

/* CQEs posted in this run; 0 also while the ring is being set up by another thread. */
uint32_t raw_ring_tail(const RawRing *ring);

/* CQEs so far that were the last of their request: those without F_MORE. */
uint32_t raw_ring_final(RawRing *ring);

/* SQEs are filled and not consumed. */
bool raw_ring_pending(const RawRing *ring);

/* CQEs are waiting on the overflow list. */
bool raw_ring_overflown(const RawRing *ring);

#endif /* KERNEL_AGENT_RAWRING_H */
