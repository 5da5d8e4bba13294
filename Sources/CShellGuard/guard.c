#define _GNU_SOURCE
#include "CShellGuard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int guard_open(const char *path, int flags) { return open(path, flags | O_CLOEXEC); }

int guard_readable_bytes(int descriptor) {
    int count = 0;
    return ioctl(descriptor, FIONREAD, &count) == 0 ? count : 0;
}

int guard_watch_changes(int descriptor) {
    int watch = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET};
    if (watch >= 0 && epoll_ctl(watch, EPOLL_CTL_ADD, descriptor, &wanted) == 0) return watch;
    if (watch >= 0) close(watch);
    return -1;
}

void guard_await_change(int watch) {
    struct epoll_event change;
    while (epoll_wait(watch, &change, 1, -1) < 0 && errno == EINTR);
}

/// Of the linker's: where the program begins, and where its code ends.
extern const char __executable_start[] __attribute__((weak)), etext[] __attribute__((weak));

void guard_forget_code(void) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = (uintptr_t)__executable_start, end = (uintptr_t)etext / page * page;
    if (first != 0 && first % page == 0 && end > first) madvise((void *)first, end - first, MADV_DONTNEED);
}

uint64_t guard_boot_ticks(void) {
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    uint64_t hertz = (uint64_t)sysconf(_SC_CLK_TCK);
    return (uint64_t)now.tv_sec * hertz + (uint64_t)now.tv_nsec * hertz / 1000000000u;
}

/// What is asked of a process.
struct facts {
    int session;
    uint64_t start;
};

/// Reads the beginning of a file of a process (proc(5)), as a string; 0 where there is none.
static int read_beginning(int process, const char *name, char *text, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", process, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t length = read(file, text, size - 1);
    close(file);
    if (length <= 0) return 0;
    text[length] = 0;
    return 1;
}

/// Reads a living process's facts (proc(5), /proc/PID/stat); 0 where there is none of that number.
static int read_facts(int process, struct facts *facts) {
    char text[1024];
    if (!read_beginning(process, "stat", text, sizeof text)) return 0;
    char *rest = strrchr(text, ')');
    char state;
    unsigned long long start;
    if (rest == NULL
        || sscanf(rest + 1,
               " %c %*d %*d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
               &state, &facts->session, &start) != 3)
        return 0;
    facts->start = start;
    return state != 'Z' && state != 'X';
}

/// Whether a process ignores SIGHUP (proc(5), SigIgn of /proc/PID/status), as nohup(1) has it.
static int ignores_hangup(int process) {
    char text[4096];
    if (!read_beginning(process, "status", text, sizeof text)) return 0;
    char *mask = strstr(text, "\nSigIgn:");
    return mask != NULL && (strtoull(mask + 8, NULL, 16) >> (SIGHUP - 1) & 1) != 0;
}

/// Signals each living process of a session that began at `since` or later; where `keeps_nohup` is set, not those that
/// ignore SIGHUP, the session's leader aside. Returns how many there were; -1 where /proc cannot be read.
static int signal_each(int session, int signal, int spared, uint64_t since, int keeps_nohup) {
    DIR *processes = opendir("/proc");
    if (processes == NULL) return -1;
    int count = 0;
    for (struct dirent *entry; (entry = readdir(processes)) != NULL;) {
        int process = atoi(entry->d_name);
        struct facts facts;
        if (process <= 1 || process == spared || !read_facts(process, &facts)) continue;
        if (facts.session != session || facts.start < since) continue;
        if (keeps_nohup && process != session && ignores_hangup(process)) continue;
        if (kill(process, signal) == 0) count++;
    }
    closedir(processes);
    return count;
}

/// In a container, 0 is the session of everything that was started from outside it, and kill(2) takes it for the caller's
/// own group; 1 is the system's.
static int is_session(int session) { return session > 1; }

int guard_signal_session(int session, int signal, int spared, uint64_t since) {
    if (!is_session(session)) return 0;
    int count = signal_each(session, signal, spared, since, 0);
    return count < 0 ? kill(-session, signal) == 0 : count;
}

static void ignore(int signal) { (void)signal; }

/// Closes descriptors from one number to another, both of them included.
static void close_all(unsigned int first, unsigned int last) {
    if (first > last || syscall(SYS_close_range, first, last, 0u) == 0) return;
    for (unsigned int number = first; number <= last && number < 4096; number++) close((int)number);
}

/// Keeps nothing open but the lifeline, as 0, the reports, as 1, and the descriptors held, by their numbers.
static void keep_few_descriptors(int lifeline, int report, const int held[], int count) {
    dup2(report, 1);
    dup2(lifeline, 0);
    unsigned int next = 2;
    for (;;) {
        int kept = -1;
        for (int index = 0; index < count; index++)
            if (held[index] >= (int)next && (kept < 0 || held[index] < kept)) kept = held[index];
        if (kept < 0) break;
        if ((unsigned int)kept > next) close_all(next, (unsigned int)kept - 1);
        next = (unsigned int)kept + 1;
    }
    close_all(next, ~0u);
}

void guard_end_session(int session) {
    if (!is_session(session)) return;
    struct timespec moment = {0, 2000000};
    // Where the leader ignores SIGHUP, so does all that it started, and that says nothing.
    int keeps_nohup = !ignores_hangup(session);
    int members = signal_each(session, SIGHUP, 0, 0, keeps_nohup);
    if (members < 0) {
        kill(-session, SIGKILL);
        return;
    }
    if (members > 0) {
        signal_each(session, SIGCONT, 0, 0, keeps_nohup);
        for (int round = 0; round < 25; round++) {
            nanosleep(&moment, NULL);
            if (signal_each(session, 0, 0, 0, keeps_nohup) <= 0) break;
        }
    }
    for (int round = 0; round < 500 && signal_each(session, SIGKILL, 0, 0, keeps_nohup) > 0; round++)
        nanosleep(&moment, NULL);
}

/// A guard's life. The process stays a zombie until the end, so that its id cannot come to mean another session.
static _Noreturn void guard(int process, int holder, int lifeline, int report, const int held[], int held_count) {
    keep_few_descriptors(lifeline, report, held, held_count);
    prctl(PR_SET_NAME, "psrun-guard", 0L, 0L, 0L);
    struct guard_report news = {process, holder, 0, 0};
    int told = write(1, &news, sizeof news) < 0;
    sigset_t none;
    sigemptyset(&none);
    for (;;) {
        siginfo_t end;
        // Orphans are reaped as they end. The process itself, the eldest child, hides them once it has ended.
        do memset(&end, 0, sizeof end);
        while (waitid(P_ALL, 0, &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid != 0 && end.si_pid != process
               && waitpid(end.si_pid, NULL, 0) > 0);
        if (!told && end.si_pid == process) {
            news.code = end.si_code;
            news.status = end.si_status;
            told = write(1, &news, sizeof news) != 0;
        }
        fd_set readable;
        FD_ZERO(&readable);
        FD_SET(0, &readable);
        if (pselect(1, &readable, NULL, NULL, NULL, &none) > 0) break;
    }
    guard_end_session(process);
    waitpid(process, NULL, 0);
    while (waitpid(-1, NULL, WNOHANG) > 0);
    _exit(0);
}

/// Starts a program that waits for ever, ends with this process, and holds descriptors by the numbers that they have here:
/// /proc/PID/fd of a process that runs psrun is closed to its own user (PR_SET_DUMPABLE), that of another program is not.
/// Returns once the program runs.
static pid_t hold(const char *path, char *const arguments[], const int held[], int count) {
    int begun[2], idle[2];
    if (pipe2(begun, O_CLOEXEC) != 0) return -1;
    pid_t self = getpid();
    pid_t holder = fork();
    int failure = errno;
    if (holder == 0) {
        prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L);
        int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        // The pipe's writing end stays open here, so that reading it never ends.
        if (getppid() != self || nowhere < 0 || pipe(idle) != 0 || dup2(idle[0], 0) < 0 || dup2(nowhere, 1) < 0
            || dup2(nowhere, 2) < 0)
            _exit(126);
        for (int index = 0; index < count; index++) fcntl(held[index], F_SETFD, 0);
        execve(path, arguments, (char *const[]){NULL});
        _exit(127);
    }
    close(begun[1]);
    char none;
    while (read(begun[0], &none, 1) < 0 && errno == EINTR);
    close(begun[0]);
    errno = failure;
    return holder;
}

/// How a shell is started, and what is for its guard.
struct start {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *folder;
    int sources[GUARD_MOST], targets[GUARD_MOST], count;
    int held[GUARD_MOST], held_count;
    int lifeline, report;
};

/// Becomes the guard of a shell, which it starts. `holding` is what holds the descriptors: NULL where this process does.
static _Noreturn void begin(const struct start *start, char *const holding[]) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_SETMASK, &set, NULL);
    signal(SIGCHLD, ignore);
    for (const int *number = (const int[]){SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, 0}; *number != 0; number++)
        signal(*number, SIG_IGN);
    prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
    pid_t self = getpid();
    pid_t holder = holding == NULL ? self : hold(start->path, holding, start->held, start->held_count);
    pid_t process = holder < 0 ? -1 : fork();
    if (process > 0 && holding == NULL) guard_forget_code();
    if (process > 0)
        guard(process, holder, start->lifeline, start->report, start->held, holding == NULL ? start->held_count : 0);
    if (process < 0) {
        struct guard_report lack = {0, 0, errno, 0};
        _exit(write(start->report, &lack, sizeof lack) < 0 ? 127 : 126);
    }
    prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L);
    if (getppid() != self) _exit(126);
    setsid();
    for (int index = 0; index < start->count; index++)
        if (dup2(start->sources[index], start->targets[index]) < 0) _exit(126);
    for (int number = 1; number <= SIGRTMAX; number++) signal(number, SIG_DFL);
    sigemptyset(&set);
    sigprocmask(SIG_SETMASK, &set, NULL);
    if (chdir(start->folder) != 0 && chdir("/") != 0) _exit(126);
    execve(start->path, start->arguments, start->environment);
    _exit(127);
}

/// Whether the guard's program gets what is for it (0: yes, FD_CLOEXEC: no).
static void hand_over(const struct start *start, int flags) {
    fcntl(start->lifeline, F_SETFD, flags);
    fcntl(start->report, F_SETFD, flags);
    for (int index = 0; index < start->count; index++) fcntl(start->sources[index], F_SETFD, flags);
    for (int index = 0; index < start->held_count; index++) fcntl(start->held[index], F_SETFD, flags);
}

/// The name by which a guard's program knows that it is one.
static char guard_name[] = "psrun-guard";

/// Numbers in the order of their reading, with blanks between.
static void append(char **text, const char *end, int number) {
    int length = snprintf(*text, (size_t)(end - *text), "%d ", number);
    if (length > 0 && length < end - *text) *text += length;
}

/// Runs the guard's program in place of this one; returns where that cannot be.
static void execute(const char *program, const struct start *start) {
    char numbers[(2 * GUARD_MOST + GUARD_MOST + 4) * 12], *end = numbers;
    const char *limit = numbers + sizeof numbers;
    append(&end, limit, start->lifeline);
    append(&end, limit, start->report);
    append(&end, limit, start->count);
    for (int index = 0; index < start->count; index++) {
        append(&end, limit, start->sources[index]);
        append(&end, limit, start->targets[index]);
    }
    append(&end, limit, start->held_count);
    for (int index = 0; index < start->held_count; index++) append(&end, limit, start->held[index]);
    char *arguments[4 + GUARD_MOST_ARGUMENTS + 1] = {guard_name, numbers, (char *)start->folder, (char *)start->path};
    int count = 0;
    for (; start->arguments[count] != NULL; count++) {
        if (count == GUARD_MOST_ARGUMENTS) return;
        arguments[4 + count] = start->arguments[count];
    }
    hand_over(start, 0);
    execve(program, arguments, start->environment);
    hand_over(start, FD_CLOEXEC);
}

/// The next of those numbers; -1 where there is none.
static int next_number(char **text) {
    char *end;
    long number = strtol(*text, &end, 10);
    if (end == *text) return -1;
    *text = end;
    return (int)number;
}

/// Where a program is started as a guard, it is one and nothing else: before anything of it runs, so that it takes as little
/// memory as there can be. What it holds is open to its user in /proc, and it has no secret.
__attribute__((constructor(101))) static void guard_if_asked(int count, char **arguments, char **environment) {
    if (count < 5 || strcmp(arguments[0], guard_name) != 0) return;
    char *numbers = arguments[1];
    struct start start = {
        .path = arguments[3], .arguments = arguments + 4, .environment = environment, .folder = arguments[2]};
    start.lifeline = next_number(&numbers);
    start.report = next_number(&numbers);
    start.count = next_number(&numbers);
    if (start.count < 0 || start.count > GUARD_MOST) _exit(126);
    for (int index = 0; index < start.count; index++) {
        start.sources[index] = next_number(&numbers);
        start.targets[index] = next_number(&numbers);
    }
    start.held_count = next_number(&numbers);
    if (start.held_count < 0 || start.held_count > GUARD_MOST) _exit(126);
    for (int index = 0; index < start.held_count; index++) start.held[index] = next_number(&numbers);
    prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L);
    hand_over(&start, FD_CLOEXEC);
    begin(&start, NULL);
}

int guard_spawn(
    const char *program, const char *path, char *const arguments[], char *const environment[], const char *folder,
    const int sources[], const int targets[], int count, char *const holding[], const int held[], int held_count,
    int lifeline, int report) {
    struct start start = {
        .path = path, .arguments = arguments, .environment = environment, .folder = folder,
        .count = count, .held_count = held_count, .lifeline = lifeline, .report = report};
    if (count > GUARD_MOST || held_count > GUARD_MOST) {
        errno = E2BIG;
        return -1;
    }
    memcpy(start.sources, sources, (size_t)count * sizeof *sources);
    memcpy(start.targets, targets, (size_t)count * sizeof *targets);
    memcpy(start.held, held, (size_t)held_count * sizeof *held);
    pid_t guardian = fork();
    if (guardian != 0) return guardian;
    setsid();
    if (program != NULL) execute(program, &start);
    begin(&start, holding);
}
