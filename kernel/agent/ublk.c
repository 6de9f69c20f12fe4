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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/agent/run.h"
#include "model/abi/abi.h"

#define CONTROL "/dev/ublk-control"

/* ioctl numbers of control commands, _IOWR('u', n, struct ublksrv_ctrl_cmd) */
#define CTRL(n)        (0xc0207500u | (n))
#define CTRL_ADD_DEV   CTRL(0x04)
#define CTRL_DEL_ASYNC 0x80207514u /* _IOR */
#define CTRL_START_DEV CTRL(0x06)
#define CTRL_STOP_DEV  CTRL(0x07)
#define CTRL_SET_PARAM CTRL(0x08)

#define FLAG_CMD_IOCTL   0x40u /* UBLK_F_CMD_IOCTL_ENCODE */
#define PARAM_BASIC      1u    /* UBLK_PARAM_TYPE_BASIC */
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

/* struct ublk_params up to its basic part: all that a kernel needs */
typedef struct Params {
	uint32_t len, types, attrs;
	uint8_t logical_shift, physical_shift, opt_shift, min_shift;
	uint32_t max_sectors, chunk_sectors;
	uint64_t dev_sectors, virt_boundary;
} Params;
_Static_assert(sizeof(Params) == 40, "size of ublk_params_header and basic");

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

static bool start(AgentRun *run, AgentUblk *u, pid_t pid)
{
	const CtrlCmd cmd = {
		.dev_id = (uint32_t)u->id, .queue_id = UINT16_MAX, .data = (uint64_t)pid};
	int err = ctrl_open(&u->start);

	if (err == 0)
		err = raw_ring_register(&u->start, REGISTER_EVENTFD, &u->started, 1);
	if (err == 0)
		err = ctrl_submit(&u->start, CTRL_START_DEV, &cmd);
	return err == 0 || fail(run, "ublk START_DEV", err);
}

static bool device_add(AgentRun *run, uint32_t i)
{
	AgentUblk *u = &run->ublks[i];
	DevInfo info = {.queues = 1,
			.depth = (uint16_t)run->prog->ublks[i].depth,
			.max_io_bytes = MAX_BYTES,
			.dev_id = UINT32_MAX,
			.flags = run->prog->ublks[i].flags | FLAG_CMD_IOCTL};
	Params params = {.len = sizeof(params),
			 .types = PARAM_BASIC,
			 .logical_shift = SECTOR_SHIFT,
			 .physical_shift = PAGE_SHIFT,
			 .opt_shift = PAGE_SHIFT,
			 .min_shift = SECTOR_SHIFT,
			 .max_sectors = MAX_BYTES >> SECTOR_SHIFT,
			 .dev_sectors = DEV_SECTORS};
	CtrlCmd cmd = {.dev_id = UINT32_MAX,
		       .queue_id = UINT16_MAX,
		       .len = sizeof(info),
		       .addr = (uintptr_t)&info};
	int err = ctrl(CTRL_ADD_DEV, &cmd);

	if (err)
		return fail(run, "ublk ADD_DEV", err);
	u->id = (int)info.dev_id;
	if ((info.flags & run->prog->ublks[i].flags) != run->prog->ublks[i].flags)
		return fail(run, "this kernel's ublk has not all of these flags",
			    -EOPNOTSUPP);
	cmd.dev_id = info.dev_id;
	cmd.len = sizeof(params);
	cmd.addr = (uintptr_t)&params;
	err = ctrl(CTRL_SET_PARAM, &cmd);
	if (err)
		return fail(run, "ublk SET_PARAMS", err);
	u->started = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	u->foreign = run->prog->kills;
	if (u->foreign)
		return true;
	u->fd = agent_ublk_open(u->id);
	return u->fd >= 0 || agent_run_fail(run, "ublk char device");
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

	for (uint32_t i = 1; i <= run->prog->tasks_n; i++)
		if (run->prog->killed[i])
			pid = run->tasks[i].pid;
	for (uint32_t i = 1; i <= run->prog->ublks_n; i++)
		if (!start(run, &run->ublks[i], pid))
			return false;
	return true;
}

/* --- end --------------------------------------------------------------------------- */

static bool device_del(AgentUblk *u)
{
	const CtrlCmd cmd = {.dev_id = (uint32_t)u->id, .queue_id = UINT16_MAX};
	int err;

	err = ctrl(CTRL_STOP_DEV, &cmd);
	if (err == 0)
		err = ctrl(CTRL_DEL_ASYNC, &cmd);
	return err == 0;
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

bool agent_ublk_end(AgentRun *run)
{
	bool good = true;

	for (uint32_t i = 1; i <= run->prog->ublks_n; i++)
		ctrl_close(&run->ublks[i].start);
	set_mop(run, 1);
	if (run->served)
		await_servers(run);
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
