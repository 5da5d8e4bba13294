// What the endpoint needs of Linux and Swift cannot say: fork, and bare system calls.
#pragma once
#include <stdint.h>

/// Opens a file with `O_CLOEXEC` (open(2) is variadic); -1 with errno set otherwise.
int guard_open(const char *path, int flags);

/// Bytes that can be read from `descriptor` now; 0 where that cannot be told.
int guard_readable_bytes(int descriptor);

/// A descriptor that tells of changes at another one (epoll(7), edge-triggered), each of them once; -1 with errno set
/// otherwise.
int guard_watch_changes(int descriptor);

/// Waits for a change that was not told yet; what stands when the watch begins is the first.
void guard_await_change(int watch);

/// Gives back the pages of the program's code: what is needed again is there again, from the system's cache of the file.
void guard_forget_code(void);

/// Clock ticks since boot, the unit of a process's start time in /proc.
uint64_t guard_boot_ticks(void);

/// Sends `signal` to each living process of session `session` that began at `since` boot ticks or later, `spared` aside.
/// Returns how many there were; 0 for what is not the number of a session (0 and 1 are not).
int guard_signal_session(int session, int signal, int spared, uint64_t since);

/// Ends a session: a hang-up, 50 ms to act on it, and death until nobody is left to fork. What left it on purpose stays:
/// what has a session of its own (setsid(2)), and what ignores SIGHUP (nohup(1)), unless the session's leader does, too.
/// Ends nobody for what is not the number of a session (0 and 1 are not).
void guard_end_session(int session);

/// What a guard writes about the process that it guards: its id when it was made, and later how it ended (siginfo_t); once,
/// with the id 0 and an error number as `code`, where it could not be made.
struct guard_report {
    int process;
    /// What holds the descriptors.
    int holder;
    int code;
    int status;
};

/// Descriptors of each kind that a guard takes at most, and arguments of what it guards.
#define GUARD_MOST 8
#define GUARD_MOST_ARGUMENTS 16

/// Starts a program in a session of its own, behind a guard: a process that outlives this one, however that ends, by as
/// long as it takes to end the program's session (`guard_end_session`).
///
/// The program gets `sources[i]` as descriptor `targets[i]`, default signal actions, and `folder` as its working
/// directory where that can be entered. The guard writes `guard_report` values to `report`, and lives until the other
/// end of `lifeline` is closed.
/// The descriptors `held` stay open, by their numbers here, in a process whose /proc/PID/fd is open to its user: the program
/// can open them there without inheriting them. Where `guard` names a program that this is linked into, that becomes the
/// guard, and holds them itself. Where it is NULL, or cannot be run, the guard is a copy of this process, and another one,
/// which runs the file of the program with the arguments `holding` and has to wait for the end of its standard input, holds
/// them.
/// Returns the guard's process id, or -1 with errno set.
int guard_spawn(
    const char *guard, const char *path, char *const arguments[], char *const environment[], const char *folder,
    const int sources[], const int targets[], int count, char *const holding[], const int held[], int held_count,
    int lifeline, int report);
