// SPDX-License-Identifier: GPL-2.0
/*
 * The interface under attack, its driver, and the traffic over it
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "judge.h"

#define STRINGS_MAX	256U

static pid_t traffic;

static const char *module_name(void)
{
	return ours() ? "netfront_hardened" : "xen_netfront";
}

static const char *xenbus_name(void)
{
	return ours() ? "netfront_hardened" : "vif";
}

static pid_t begin(const char * const argv[])
{
	pid_t pid = fork();
	int null;

	if (pid) {
		setpgid(pid, pid);
		return pid;
	}
	setpgid(0, 0);
	null = open("/dev/null", O_RDWR);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	execvp(argv[0], (char * const *)argv);
	_exit(127);
}

/* A program that is killed when it takes too long.  True if it was content. */
bool run(unsigned int milliseconds, const char * const argv[])
{
	u64 end = now_ms() + milliseconds;
	pid_t pid = begin(argv);
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (now_ms() > end) {
			kill(-pid, SIGKILL);
			waitpid(pid, &status, 0);
			note("  %s took too long", argv[0]);
			return false;
		}
		nap(POLL_MS / 2);
	}
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

/* Where the module lies, for those who search for leaks at the end. */
static void remember_range(void)
{
	char line[512], name[64], address[32];
	unsigned long size;
	FILE *modules = fopen("/proc/modules", "r");
	FILE *ranges = fopen("/tmp/ranges", "a");

	while (modules && ranges && fgets(line, sizeof(line), modules))
		if (sscanf(line, "%63s %lu %*s %*s %*s %31s", name, &size,
			   address) == 3 && !strcmp(name, module_name()))
			fprintf(ranges, "%s %lu\n", address, size);
	if (modules)
		fclose(modules);
	if (ranges)
		fclose(ranges);
}

bool driver_load(void)
{
	char queues[32];
	bool loaded;
	int fd;

	snprintf(queues, sizeof(queues), "max_queues=%u", trial.queues);
	if (ours()) {
		fd = open(trial.module, O_RDONLY | O_CLOEXEC);
		loaded = !syscall(SYS_finit_module, fd, queues, 0);
		close(fd);
	} else {
		loaded = run(40000, (const char * const []) {
			     "modprobe", "xen-netfront", queues, NULL });
	}
	remember_range();
	return loaded;
}

/* The driver's bind or unbind, with that device.  0 or an errno. */
static int driver_order(const char *order, const char *device)
{
	char path[128];
	int fd, err;

	snprintf(path, sizeof(path), "/sys/bus/xen/drivers/%s/%s",
		 xenbus_name(), order);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	err = write(fd, device, strlen(device)) < 0 ? errno : 0;
	close(fd);
	return err;
}

/* A bound device holds a reference on its driver's module: it goes first. */
static bool unbind_all(void)
{
	struct dirent *entry;
	bool good = true;
	char dir[96];
	DIR *d;
	int err;

	snprintf(dir, sizeof(dir), "/sys/bus/xen/drivers/%s", xenbus_name());
	d = opendir(dir);
	while (d && (entry = readdir(d))) {
		if (strncmp(entry->d_name, "vif-", 4))
			continue;
		err = driver_order("unbind", entry->d_name);
		/* one that is on its way out needs no help */
		if (err && err != ENODEV)
			good = false;
	}
	if (d)
		closedir(d);
	return good;
}

bool driver_unload(void)
{
	return unbind_all() &&
	       !syscall(SYS_delete_module, module_name(), O_NONBLOCK);
}

/*
 * The core of xenbus takes no device whose backend has no directory just then,
 * and does not try again.  True if there was one, and it is bound now.
 */
bool driver_bind(void)
{
	return !access("/sys/bus/xen/devices/vif-0", F_OK) &&
	       access("/sys/bus/xen/devices/vif-0/driver", F_OK) &&
	       !driver_order("bind", "vif-0");
}

/*
 * Also for xenbus, which would take the next one for the same, and for the
 * driver.  (It leaves /sys/bus/xen before its driver has let go of it.)
 */
bool vif_gone(void)
{
	return access("/sys/devices/vif-0", F_OK);
}

static bool nic_ioctl(unsigned long request, struct ifreq *ifr)
{
	static int fd = -1;

	if (fd < 0)
		fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	memcpy(ifr->ifr_name, IFACE, sizeof(IFACE));
	return !ioctl(fd, request, ifr);
}

/* Not by sysfs, where a device stands before it can be used. */
bool link_exists(void)
{
	struct ifreq ifr = { .ifr_flags = 0 };

	return nic_ioctl(SIOCGIFFLAGS, &ifr);
}

/* 0: there is none */
int link_index(void)
{
	struct ifreq ifr = { .ifr_ifindex = 0 };

	return nic_ioctl(SIOCGIFINDEX, &ifr) ? ifr.ifr_ifindex : 0;
}

bool link_set(bool up)
{
	struct ifreq ifr = { .ifr_flags = 0 };

	if (!nic_ioctl(SIOCGIFFLAGS, &ifr))
		return false;
	if (up)
		ifr.ifr_flags |= IFF_UP;
	else
		ifr.ifr_flags &= ~IFF_UP;
	return nic_ioctl(SIOCSIFFLAGS, &ifr);
}

/* Not IFF_RUNNING, which follows with a delay. */
bool link_carrier(void)
{
	int fd = open("/sys/class/net/" IFACE "/carrier", O_RDONLY | O_CLOEXEC);
	char c = '0';

	if (fd < 0)
		return false;
	if (read(fd, &c, 1) != 1)
		c = '0';
	close(fd);
	return c == '1';
}

static bool set_address(unsigned long request, const char *address)
{
	struct ifreq ifr = { .ifr_flags = 0 };
	struct sockaddr_in *in = (struct sockaddr_in *)&ifr.ifr_addr;

	in->sin_family = AF_INET;
	inet_pton(AF_INET, address, &in->sin_addr);
	return nic_ioctl(request, &ifr);
}

bool link_address(void)
{
	return set_address(SIOCSIFADDR, GUEST_ADDRESS) &&
	       set_address(SIOCSIFNETMASK, "255.255.255.0");
}

static bool nic_ethtool(void *command)
{
	struct ifreq ifr = { .ifr_data = command };

	return nic_ioctl(SIOCETHTOOL, &ifr);
}

/* The counters by which the driver complains, as far as they have moved. */
static void pick(const struct ethtool_gstrings *names,
		 const struct ethtool_stats *stats, struct counter *counters,
		 unsigned int *n, u64 *links)
{
	unsigned int i;

	for (i = 0; i < stats->n_stats; i++) {
		const char *name = (char *)names->data + i * ETH_GSTRING_LEN;

		if (!strcmp(name, "connections"))
			*links = stats->data[i];
		if (strncmp(name, "drop_", 5) && strncmp(name, "fault_", 6))
			continue;
		if (!stats->data[i] || *n == COUNTERS_MAX)
			continue;
		snprintf(counters[*n].name, sizeof(counters->name), "%s", name);
		counters[(*n)++].value = stats->data[i];
	}
}

bool nic_stats(struct counter *counters, unsigned int *n, u64 *links)
{
	static char text[sizeof(struct ethtool_gstrings) +
			 STRINGS_MAX * ETH_GSTRING_LEN] __aligned(8);
	static char numbers[sizeof(struct ethtool_stats) +
			    STRINGS_MAX * sizeof(u64)] __aligned(8);
	struct ethtool_gstrings *names = (void *)text;
	struct ethtool_stats *stats = (void *)numbers;
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };

	*n = 0;
	*links = 0;
	if (!nic_ethtool(&info) || info.n_stats > STRINGS_MAX)
		return false;
	*names = (struct ethtool_gstrings) {
		.cmd = ETHTOOL_GSTRINGS,
		.string_set = ETH_SS_STATS,
		.len = info.n_stats,
	};
	*stats = (struct ethtool_stats) {
		.cmd = ETHTOOL_GSTATS,
		.n_stats = info.n_stats,
	};
	if (!nic_ethtool(names) || !nic_ethtool(stats))
		return false;
	pick(names, stats, counters, n, links);
	return true;
}

static u16 internet_sum(const void *data, unsigned int len)
{
	const u16 *at = data;
	u32 sum = 0;

	for (; len; len -= 2)
		sum += *at++;
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

/* Is there an answer to our echo request among what has arrived? */
static bool echoed(int fd, u16 id)
{
	struct {
		struct iphdr ip;
		struct icmphdr icmp;
		char rest[128];
	} in;

	while (recv(fd, &in, sizeof(in), MSG_DONTWAIT) > 0)
		if (in.icmp.type == ICMP_ECHOREPLY &&
		    in.icmp.un.echo.id == id)
			return true;
	return false;
}

/* One echo request each 200 ms, until one is answered. */
bool ping(unsigned int milliseconds)
{
	u64 end = now_ms() + milliseconds, next = 0;
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct icmphdr out = { .type = ICMP_ECHO };
	bool good = false;

	inet_pton(AF_INET, DOM0_ADDRESS, &to.sin_addr);
	out.un.echo.id = getpid();
	out.checksum = internet_sum(&out, sizeof(out));
	while (!good && now_ms() < end) {
		if (now_ms() >= next) {
			sendto(fd, &out, sizeof(out), 0,
			       (struct sockaddr *)&to, sizeof(to));
			next = now_ms() + 200;
		}
		poll(&pfd, 1, POLL_MS);
		good = echoed(fd, out.un.echo.id);
	}
	close(fd);
	return good;
}

void traffic_start(void)
{
	traffic = begin((const char * const []) { "/nfh/hostile-traffic",
			trial.name, trial.flags, NULL });
}

void traffic_stop(void)
{
	if (traffic <= 0)
		return;
	kill(-traffic, SIGKILL);
	waitpid(traffic, NULL, 0);
	traffic = 0;
}
