// Linux calls that Swift cannot name: variadic functions and bare system calls.
#pragma once
#include <malloc.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/// A descriptor that becomes readable when process `pid` ends (pidfd_open(2)); -1 with errno set otherwise.
static inline int psrun_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0u); }

/// A file in memory, closed in programs that this process starts (memfd_create(2), MFD_CLOEXEC); -1 with errno set
/// otherwise.
static inline int psrun_memory_file(const char *name) { return (int)syscall(SYS_memfd_create, name, 1u); }

/// Keeps this process out of core files and ptrace (prctl(2), PR_SET_DUMPABLE); 0, or -1 with errno set.
static inline int psrun_make_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L); }

/// Allows this process and what it starts no core file, unless they ask again (setrlimit(2), RLIMIT_CORE); 0, or -1 with
/// errno set.
static inline int psrun_forbid_core_files(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) != 0) return -1;
    limit.rlim_cur = 0;
    return setrlimit(RLIMIT_CORE, &limit);
}

/// Raises the soft limit on descriptors by so many, as far as the hard one lets it (setrlimit(2), RLIMIT_NOFILE); 0, or -1
/// with errno set.
static inline int psrun_raise_descriptor_limit(unsigned long more) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    limit.rlim_cur = more < limit.rlim_max - limit.rlim_cur ? limit.rlim_cur + more : limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit);
}

/// Gives memory of a megabyte and more back to the system when it is freed (mallopt(3)): else the C library keeps more of
/// it for each thread, the more it was used.
static inline void psrun_keep_little_memory(void) {
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

/// Sends `signal` to this process when its parent ends (prctl(2), PR_SET_PDEATHSIG); 0, or -1 with errno set.
static inline int psrun_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, (long)signal, 0L, 0L, 0L); }

/// The calling thread's number (gettid(2)).
static inline int psrun_thread_id(void) { return (int)syscall(SYS_gettid); }

/// Makes this process the reaper of its orphaned descendants (prctl(2), PR_SET_CHILD_SUBREAPER); 0, or -1 with errno set.
static inline int psrun_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L); }

/// Columns of the terminal at `descriptor`, or 0 where it is none.
static inline int psrun_terminal_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// Rows of the terminal at `descriptor`, or 0 where it is none.
static inline int psrun_terminal_rows(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

/// How many processors this process may use (sched_getaffinity(2)); 0 where the system does not tell, or has more than 4096.
static inline int psrun_usable_processors(void) {
    unsigned long mask[64];
    long bytes = syscall(SYS_sched_getaffinity, 0, sizeof(mask), mask);
    int count = 0;
    for (long word = 0; word * (long)sizeof(long) < bytes; word++) count += __builtin_popcountl(mask[word]);
    return count;
}

// Declared by the C library for GNU sources only, which Swift's importer is not.
extern int pipe2(int descriptors[2], int flags);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
extern int pthread_setname_np(pthread_t thread, const char *name);
