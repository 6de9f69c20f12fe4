/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot.c - what process 1 does before and after its work
 */
#include "kernel/agent/boot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "kernel/agent/proto.h"

#define MODULES     "/modules"
#define PORTS       "/sys/class/virtio-ports"
#define PORT_WAIT_N 200 /* looks, 10 ms apart */

static void mount_at(const char *type, const char *dir)
{
	mkdir(dir, 0755);
	if (mount(type, dir, type, 0, NULL) && errno != EBUSY)
		fprintf(stderr, "agent: mount %s: %s\n", dir, strerror(errno));
}

static int is_module(const struct dirent *ent)
{
	return ent->d_name[0] != '.';
}

/* What a module has to be told. */
static const char *module_args(const char *name)
{
	/* One device that is polled for completions. */
	if (strstr(name, "null_blk"))
		return "nr_devices=1 submit_queues=1 poll_queues=1 queue_mode=2 gb=1";
	return "";
}

static void load_modules(void)
{
	struct dirent **list;
	int n = scandir(MODULES, &list, is_module, alphasort);

	for (int i = 0; i < n; i++) {
		char path[PATH_MAX];
		int fd;

		snprintf(path, sizeof(path), "%s/%s", MODULES, list[i]->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || syscall(SYS_finit_module, fd, module_args(path), 0))
			fprintf(stderr, "agent: %s: %s\n", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

void agent_boot(void)
{
	mount_at("proc", "/proc");
	mount_at("sysfs", "/sys");
	mount_at("devtmpfs", "/dev");
	mount_at("tmpfs", "/tmp");
	load_modules();
}

/* Device node of the port with our name, from its entry in sysfs; false if not there. */
static bool find_port(char *ret_path, size_t len)
{
	DIR *dir = opendir(PORTS);
	const struct dirent *ent;
	bool found = false;

	while (dir && !found && (ent = readdir(dir))) {
		char path[PATH_MAX], name[64] = "";
		int fd;

		snprintf(path, sizeof(path), PORTS "/%s/name", ent->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (read(fd, name, sizeof(name) - 1) > 0) {
			name[strcspn(name, "\n")] = '\0';
			found = !strcmp(name, PROTO_PORT);
		}
		close(fd);
		if (found)
			snprintf(ret_path, len, "/dev/%s", ent->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

int agent_boot_port(void)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	char path[PATH_MAX];
	int fd = -1;

	for (int i = 0; i < PORT_WAIT_N && fd < 0; i++) {
		if (find_port(path, sizeof(path)))
			fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			nanosleep(&pause, NULL);
	}
	if (fd < 0)
		fprintf(stderr, "agent: no virtio-serial port " PROTO_PORT "\n");
	return fd;
}

void agent_power_off(void)
{
	sync();
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}
