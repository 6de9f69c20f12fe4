/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ublk.c - block devices whose server is the scenario
 *
 * A device lives for one run. Its char device is open in this process; START_DEV waits in
 * a ring of its own until the server has fetched every tag, and an eventfd tells clients
 * that the disk is there.
 *
 * Taking it down: servers drop their buffers, then the rings of the scenario are closed,
 * which cancels commands; what servers then still have in their hands they give back
 * themselves (ublk_task.c), as 6.12 takes a COMMIT from nobody else. A disk that cannot
 * be stopped stays: DEL_DEV would hold the lock of the whole driver while it waits.
 *
 * Kernel: include/uapi/linux/ublk_cmd.h as facts; sizes are checked below.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "kernel/agent/run.h"
#include "model/abi/abi.h"

#define CONTROL "/dev/ublk-control"

/* ioctl numbers of control commands, _IOWR('u', n, struct ublksrv_ctrl_cmd) */
#define CTRL(n)        (0xc0207500u | (n))
#define CTRL_ADD_DEV   CTRL(0x04)
#define CTRL_DEL_DEV   CTRL(0x05)
#define CTRL_DEL_ASYNC 0x80207514u /* _IOR */
#define CTRL_START_DEV CTRL(0x06)
#define CTRL_STOP_DEV  CTRL(0x07)
#define CTRL_SET_PARAM CTRL(0x08)
#define CTRL_START_REC CTRL(0x10)
#define CTRL_END_REC   CTRL(0x11)
#define CTRL_GET_INFO  0x80207502u /* _IOR */
#define CTRL_SET_SIZE  CTRL(0x15)

#define FLAG_CMD_IOCTL   0x40u /* UBLK_F_CMD_IOCTL_ENCODE */
#define PARAM_BASIC      1u    /* UBLK_PARAM_TYPE_BASIC */
#define PARAM_DISCARD    2u    /* UBLK_PARAM_TYPE_DISCARD */
#define ATTR_CACHE       4u    /* UBLK_ATTR_VOLATILE_CACHE: there are FLUSHes */
#define NO_DEVICE        0x7ffffff0u
#define SECTOR_SHIFT     9
#define PAGE_SHIFT       12
#define MAX_BYTES        (1u << 20)
#define DEV_SECTORS      (UINT64_C(1) << 21)
#define REGISTER_EVENTFD 4
#define STOP_NS          UINT64_C(2000000000)
#define LOOK_US          200

typedef struct CtrlCmd {
	uint32_t dev_id;
	uint16_t queue_id, len;
	uint64_t addr, data;
	uint16_t dev_path_len, pad;
	uint32_t resv;
} CtrlCmd;
_Static_assert(sizeof(CtrlCmd) == 32, "size of struct ublksrv_ctrl_cmd");

typedef struct DevInfo {
	uint16_t queues, depth, state, pad0;
	uint32_t max_io_bytes, dev_id;
	int32_t pid;
	uint32_t pad1;
	uint64_t flags, server_flags;
	uint32_t uid, gid;
	uint64_t resv[2];
} DevInfo;
_Static_assert(sizeof(DevInfo) == 64, "size of struct ublksrv_ctrl_dev_info");

/* struct ublk_params up to its parts basic and discard: all that a kernel needs */
typedef struct Params {
	uint32_t len, types, attrs;
	uint8_t logical_shift, physical_shift, opt_shift, min_shift;
	uint32_t max_sectors, chunk_sectors;
	uint64_t dev_sectors, virt_boundary;
	uint32_t discard_alignment, discard_granularity, max_discard, max_zeroes;
	uint16_t max_segments, pad;
} Params;
_Static_assert(offsetof(Params, discard_alignment) == 40,
	       "size of ublk_params_header and basic");

_Static_assert(AGENT_PATH + sizeof(Params) <= sizeof(((AgentUblk *)0)->path) &&
		       AGENT_PATH + sizeof(DevInfo) <= sizeof(((AgentUblk *)0)->path),
	       "a path and what follows it");

static int control = -1; /* CONTROL */

/* A ring with large SQEs and the command in its first one; 0 or -errno. */
static int ctrl_submit(RawRing *ring, uint32_t op, const CtrlCmd *cmd)
{
	const RawSqe sqe = {.opcode = ABI_OP_URING_CMD,
			    .flags = ABI_SQE_ASYNC,
			    .fd = control,
			    .off = op};
	int ret;

	/* Its second half follows in memory. */
	ring->sqes[0] = sqe;
	memcpy((char *)ring->sqes + offsetof(RawSqe, addr3), cmd, sizeof(*cmd));
	__atomic_store_n(ring->sq_tail, *ring->sq_tail + 1, __ATOMIC_RELEASE);
	ret = raw_ring_enter(ring, 1, 0, 0);
	return ret < 0 ? ret : 0;
}

static int ctrl_open(RawRing *ring)
{
	raw_ring_init(ring);
	return raw_ring_open(ring, 1, 0, ABI_SETUP_SQE128, 4);
}

static void ctrl_close(RawRing *ring)
{
	raw_ring_close(ring);
	raw_ring_log_free(ring);
}

/* One command to its end, or -ETIMEDOUT. */
static int ctrl(uint32_t op, const CtrlCmd *cmd)
{
	const uint64_t end = agent_clock_ns() + STOP_NS;
	RawRing ring;
	int ret = ctrl_open(&ring);

	if (ret == 0)
		ret = ctrl_submit(&ring, op, cmd);
	while (ret == 0 && raw_ring_ready(&ring) == 0) {
		if (agent_clock_ns() > end)
			ret = -ETIMEDOUT;
		usleep(LOOK_US);
	}
	if (ret == 0 && raw_ring_reap(&ring, 1) == 1)
		ret = ring.log[0].res;
	ctrl_close(&ring);
	return ret;
}

/* Commands to a device that was added without privileges have its path. */
static CtrlCmd with_path(AgentUblk *u, CtrlCmd cmd)
{
	if (!u->unprivileged)
		return cmd;
	memset(u->path, 0, sizeof(u->path));
	snprintf(u->path, AGENT_PATH, "/dev/ublkc%d", u->id);
	if (cmd.addr)
		memcpy(u->path + AGENT_PATH, (const void *)(uintptr_t)cmd.addr, cmd.len);
	cmd.addr = (uintptr_t)u->path;
	cmd.dev_path_len = AGENT_PATH;
	cmd.len += AGENT_PATH;
	return cmd;
}

typedef struct Adder {
	const CtrlCmd *cmd;
	int err;
} Adder;

static void *add_unprivileged(void *arg)
{
	Adder *a = arg;

	agent_ublk_admin(false);
	a->err = ctrl(CTRL_ADD_DEV, a->cmd);
	return NULL;
}

/* In a thread that has no workers from before it gave up what it may. */
static int add_without(const CtrlCmd *cmd)
{
	Adder a = {.cmd = cmd, .err = -EAGAIN};
	pthread_t thread;

	if (pthread_create(&thread, NULL, add_unprivileged, &a) == 0)
		pthread_join(thread, NULL);
	return a.err;
}

/* --- begin ------------------------------------------------------------------------- */

static bool fail(AgentRun *run, const char *what, int err)
{
	errno = -err;
	return agent_run_fail(run, what);
}

/* The node comes through devtmpfs, which may take a moment. */
int agent_ublk_open(int id)
{
	const uint64_t end = agent_clock_ns() + STOP_NS;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/ublkc%d", id);
	while ((fd = open(path, O_RDWR | O_CLOEXEC)) < 0 && agent_clock_ns() < end)
		usleep(LOOK_US);
	return fd;
}

static bool start(AgentRun *run, AgentUblk *u)
{
	const CtrlCmd cmd = with_path(u, (CtrlCmd){.dev_id = (uint32_t)u->id,
						   .queue_id = UINT16_MAX,
						   .data = (uint64_t)u->pid});
	int err = ctrl_open(&u->start);

	if (err == 0)
		err = raw_ring_register(&u->start, REGISTER_EVENTFD, &u->started, 1);
	if (err == 0)
		err = ctrl_submit(&u->start, CTRL_START_DEV, &cmd);
	return err == 0 || fail(run, "ublk START_DEV", err);
}

static DevInfo info_of(const AgentRun *run, uint32_t i)
{
	const int id = run->ublks[i].id;

	return (DevInfo){.queues = 1,
			 .depth = (uint16_t)run->prog->ublks[i].depth,
			 .max_io_bytes = MAX_BYTES,
			 .dev_id = id < 0 ? UINT32_MAX : (uint32_t)id,
			 .flags = run->prog->ublks[i].flags | FLAG_CMD_IOCTL};
}

static Params params_of(const AgentRun *run, uint32_t i)
{
	const uint32_t most = run->prog->ublks[i].most;
	const bool no_data = run->prog->ublks[i].hand & PROTO_HAND_NO_DATA;

	return (Params){.len = sizeof(Params),
			.types = PARAM_BASIC | (no_data ? PARAM_DISCARD : 0),
			.attrs = no_data ? ATTR_CACHE : 0,
			.logical_shift = SECTOR_SHIFT,
			.physical_shift = PAGE_SHIFT,
			.opt_shift = PAGE_SHIFT,
			.min_shift = SECTOR_SHIFT,
			.max_sectors = (most ? most : MAX_BYTES) >> SECTOR_SHIFT,
			.dev_sectors = DEV_SECTORS,
			.discard_granularity = 1u << SECTOR_SHIFT,
			.max_discard = MAX_BYTES >> SECTOR_SHIFT,
			.max_zeroes = MAX_BYTES >> SECTOR_SHIFT,
			.max_segments = 1};
}

static bool recovers(uint64_t flags)
{
	return flags & (ABI_UBLK_USER_RECOVERY | ABI_UBLK_USER_RECOVERY_REISSUE |
			ABI_UBLK_USER_RECOVERY_FAIL_IO);
}

static int dev_add(AgentRun *run, uint32_t i)
{
	AgentUblk *u = &run->ublks[i];
	DevInfo info = info_of(run, i);
	const CtrlCmd cmd = {.dev_id = info.dev_id,
			     .queue_id = UINT16_MAX,
			     .len = sizeof(info),
			     .addr = (uintptr_t)&info};
	const uint64_t wants = run->prog->ublks[i].flags;
	int err;

	u->unprivileged = wants & ABI_UBLK_UNPRIVILEGED_DEV;
	err = u->unprivileged ? add_without(&cmd) : ctrl(CTRL_ADD_DEV, &cmd);
	if (err)
		return err;
	u->id = (int)info.dev_id;
	/* Those of recovery are dropped. */
	if ((info.flags & wants) != wants && !(u->unprivileged && recovers(wants)))
		fail(run, "this kernel's ublk has not all of these flags", -EOPNOTSUPP);
	return 0;
}

static int dev_params(AgentRun *run, uint32_t i)
{
	Params params = params_of(run, i);
	const CtrlCmd cmd =
		with_path(&run->ublks[i], (CtrlCmd){.dev_id = (uint32_t)run->ublks[i].id,
						    .queue_id = UINT16_MAX,
						    .len = sizeof(params),
						    .addr = (uintptr_t)&params});

	return ctrl(CTRL_SET_PARAM, &cmd);
}

/* What was added: its parameters set unless the scenario does that, its char device open.
 */
static bool device_open(AgentRun *run, uint32_t i)
{
	AgentUblk *u = &run->ublks[i];
	int err;

	if (run->fail)
		return false;
	err = run->prog->ublks[i].hand & PROTO_HAND_PARAMS ? 0 : dev_params(run, i);
	if (err)
		return fail(run, "ublk SET_PARAMS", err);
	if (u->foreign)
		return true;
	u->fd = agent_ublk_open(u->id);
	return u->fd >= 0 || agent_run_fail(run, "ublk char device");
}

static bool device_make(AgentRun *run, uint32_t i)
{
	const int err = dev_add(run, i);

	return err ? fail(run, "ublk ADD_DEV", err) : device_open(run, i);
}

static bool device_add(AgentRun *run, uint32_t i)
{
	AgentUblk *u = &run->ublks[i];

	u->started = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	u->foreign = run->prog->kills;
	return run->prog->ublks[i].hand & PROTO_HAND_ADD || device_make(run, i);
}

bool agent_ublk_begin(AgentRun *run)
{
	run->mop = 0;
	run->served = false;
	for (uint32_t i = 1; i <= run->prog->ublks_n; i++) {
		run->ublks[i] = (AgentUblk){.id = -1, .fd = -1, .started = -1};
		raw_ring_init(&run->ublks[i].start);
	}
	if (run->prog->ublks_n && control < 0)
		control = open(CONTROL, O_RDWR | O_CLOEXEC);
	if (run->prog->ublks_n && control < 0)
		return agent_run_fail(run, CONTROL);
	for (uint32_t i = 1; i <= run->prog->ublks_n; i++)
		if (!device_add(run, i))
			return false;
	return true;
}

bool agent_ublk_start(AgentRun *run)
{
	pid_t pid = getpid();

	run->served = true;

	/* The first that can be killed is the first server. */
	for (uint32_t i = run->prog->tasks_n; i; i--)
		if (run->prog->killed[i])
			pid = run->tasks[i].pid;
	for (uint32_t i = 1; i <= run->prog->ublks_n; i++) {
		run->ublks[i].pid = pid;
		if (!(run->prog->ublks[i].hand & PROTO_HAND_START) &&
		    !start(run, &run->ublks[i]))
			return false;
	}
	return true;
}

/* --- control commands of a scenario -------------------------------------------------
 */

/* As ctrl(), for as long as it takes, or until the run is over. */
static int64_t ctrl_wait(const AgentRun *run, uint32_t op, const CtrlCmd *cmd)
{
	RawRing ring;
	int ret = ctrl_open(&ring);

	if (ret == 0)
		ret = ctrl_submit(&ring, op, cmd);
	while (ret == 0 && raw_ring_ready(&ring) == 0 &&
	       !__atomic_load_n(&run->over, __ATOMIC_SEQ_CST))
		raw_ring_enter(&ring, 0, 1, ABI_ENTER_GETEVENTS);
	if (ret == 0)
		ret = raw_ring_reap(&ring, 1) == 1 ? ring.log[0].res : -EINTR;
	ctrl_close(&ring);
	return ret;
}

/* The next server is this process. */
static void take_over(AgentTask *t, AgentUblk *u)
{
	u->foreign = t->run->prog->killed[t->num];
	u->fetched = 0;
	u->pid = getpid();
	u->fd = agent_ublk_open(u->id);
	if (u->fd < 0)
		agent_run_fail(t->run, "ublk char device");
}

static int64_t command(AgentTask *t, uint32_t i, uint32_t number)
{
	AgentRun *run = t->run;
	AgentUblk *u = &run->ublks[i];
	const uint32_t op =
		number == 0x02 || number == 0x14 ? 0x80207500u | number : CTRL(number);
	const uint64_t one = 1;
	DevInfo info = {.state = 0};
	CtrlCmd cmd = {.dev_id = u->id < 0 ? NO_DEVICE : (uint32_t)u->id,
		       .queue_id = UINT16_MAX};
	int64_t ret;

	if (op == CTRL_START_DEV || op == CTRL_END_REC)
		cmd.data = (uint64_t)u->pid;
	if (op == CTRL_SET_SIZE)
		cmd.data = DEV_SECTORS;
	if (op == CTRL_GET_INFO) {
		cmd.addr = (uintptr_t)&info;
		cmd.len = sizeof(info);
	}
	cmd = with_path(u, cmd);
	ret = ctrl_wait(run, op, &cmd);
	if (ret == 0 && op == CTRL_GET_INFO && u->unprivileged)
		memcpy(&info, u->path + AGENT_PATH, sizeof(info));
	if (ret == 0 && op == CTRL_GET_INFO)
		return info.state;
	if (ret == 0 && op == CTRL_START_REC)
		take_over(t, u);
	else if (op == CTRL_START_REC && u->foreign)
		u->fd = -1; /* that of another process */
	if (ret == 0 && op == CTRL_START_DEV && write(u->started, &one, sizeof(one)) < 0)
		return -errno;
	return ret;
}

/* A refusal is a result of the scenario's. */
static int64_t add_by_hand(AgentRun *run, uint32_t i)
{
	const bool again = run->ublks[i].id >= 0;
	const int err = dev_add(run, i);

	if (err || again)
		return err;
	return device_open(run, i) ? 0 : -run->fail_errno;
}

int64_t agent_ublk_control(AgentTask *t, uint32_t ublk, uint32_t number)
{
	AgentRun *run = t->run;
	AgentUblk *u = &run->ublks[ublk];
	int64_t ret;

	if (number == PROTO_LOOK_OPEN)
		return agent_ublk_open_again(u);
	if ((number & 0xff) == PROTO_LOOK_IOD)
		return agent_ublk_described(run, ublk, number >> 8);
	__atomic_store_n(&t->state, TASK_IN, __ATOMIC_SEQ_CST);
	__atomic_store_n(&t->control, true, __ATOMIC_SEQ_CST);
	if (CTRL(number) == CTRL_START_DEV)
		__atomic_store_n(&u->starting, true, __ATOMIC_SEQ_CST);
	agent_ublk_admin(true);
	if (CTRL(number) == CTRL_ADD_DEV)
		ret = add_by_hand(run, ublk);
	else if (CTRL(number) == CTRL_SET_PARAM)
		ret = u->id < 0 ? -ENODEV : dev_params(run, ublk);
	else
		ret = command(t, ublk, number);
	agent_ublk_admin(false);
	__atomic_store_n(&u->starting, false, __ATOMIC_SEQ_CST);
	__atomic_store_n(&t->control, false, __ATOMIC_SEQ_CST);
	return ret;
}

/* --- end --------------------------------------------------------------------------- */

static bool device_del(AgentUblk *u)
{
	const CtrlCmd cmd = with_path(
		u, (CtrlCmd){.dev_id = (uint32_t)u->id, .queue_id = UINT16_MAX});
	int err;

	err = ctrl(CTRL_STOP_DEV, &cmd);
	/* DEL_DEV_ASYNC is not for it, DEL_DEV waits for its last close. */
	if (err == 0 && u->unprivileged && u->fd >= 0 && !u->foreign) {
		close(u->fd);
		u->fd = -1;
	}
	if (err == 0)
		err = ctrl(u->unprivileged ? CTRL_DEL_DEV : CTRL_DEL_ASYNC, &cmd);
	/* The scenario may have deleted it. */
	return err == 0 || err == -ENODEV;
}

/* A client that is left hanging is our finding, not the console's. */
static void quieten(void)
{
	const int fd =
		open("/proc/sys/kernel/hung_task_timeout_secs", O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (write(fd, "0", 1) != 1)
			perror("agent: hung_task_timeout_secs");
		close(fd);
	}
}

static void set_mop(AgentRun *run, uint32_t value)
{
	__atomic_store_n(&run->mop, value, __ATOMIC_SEQ_CST);
	agent_futex_wake(&run->mop);
}

/* All servers that are at hand have begun to clean up. */
static void await_servers(const AgentRun *run)
{
	const uint64_t end = agent_clock_ns() + STOP_NS;
	bool all = false;

	while (!all && agent_clock_ns() < end) {
		all = true;
		for (uint32_t i = 1; i <= run->prog->tasks_n; i++)
			all = all &&
			      (run->tasks[i].dead ||
			       __atomic_load_n(&run->tasks[i].mopped, __ATOMIC_SEQ_CST) ||
			       __atomic_load_n(&run->tasks[i].bio, __ATOMIC_SEQ_CST));
		usleep(LOOK_US);
	}
}

/*
 * 6.12 warns of a command that is cancelled in the ring of a task that did not fetch
 * last, and leaves it: so the device is stopped while they all are there.
 */
static void stop_shared(AgentRun *run)
{
	uint32_t servers = 0;

	for (uint32_t i = 1; i <= run->prog->tasks_n; i++)
		servers += agent_ublk_is_server(&run->tasks[i]);
	if (servers < 2 || run->prog->kills)
		return;
	for (uint32_t i = 1; i <= run->prog->ublks_n; i++) {
		const CtrlCmd cmd = with_path(
			&run->ublks[i], (CtrlCmd){.dev_id = (uint32_t)run->ublks[i].id,
						  .queue_id = UINT16_MAX});

		if (run->ublks[i].id >= 0)
			ctrl(CTRL_STOP_DEV, &cmd);
	}
}

bool agent_ublk_end(AgentRun *run)
{
	bool good = true;

	for (uint32_t i = 1; i <= run->prog->ublks_n; i++)
		ctrl_close(&run->ublks[i].start);
	set_mop(run, 1);
	if (run->served) {
		await_servers(run);
		stop_shared(run);
	}
	agent_rings_close(run);
	for (uint32_t i = 1; i <= run->prog->ublks_n; i++) {
		AgentUblk *u = &run->ublks[i];

		if (u->id >= 0 && !device_del(u))
			good = false;
	}
	set_mop(run, 2);
	for (uint32_t i = 1; i <= run->prog->ublks_n; i++) {
		AgentUblk *u = &run->ublks[i];

		if (u->fd >= 0 && !u->foreign)
			close(u->fd);
		if (u->started >= 0)
			close(u->started);
		u->id = u->fd = u->started = -1;
	}
	if (!good)
		quieten();
	return good;
}
