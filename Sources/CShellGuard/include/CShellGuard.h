// What the endpoint needs of Linux and Swift cannot say: fork, and bare system calls.
#pragma once
#include <stdint.h>

/// Opens a file with `O_CLOEXEC` (open(2) is variadic); -1 with errno set otherwise.
int guard_open(const char *path, int flags);

/// Bytes that can be read from `descriptor` now; 0 where that cannot be told.
int guard_readable_bytes(int descriptor);

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

/// Starts a program in a session of its own, behind a guard: a process that outlives this one, however that ends, by as
/// long as it takes to end the program's session (`guard_end_session`).
///
/// The program gets `sources[i]` as descriptor `targets[i]`, default signal actions, and `folder` as its working
/// directory where that can be entered. The guard writes `guard_report` values to `report`, and lives until the other
/// end of `lifeline` is closed.
/// Another process, which runs the same file with the arguments `holding` and has to wait for the end of its standard input,
/// has the descriptors `held` open, by their numbers here: the program can open them in /proc without inheriting them.
/// Returns the guard's process id, or -1 with errno set.
int guard_spawn(
    const char *path, char *const arguments[], char *const environment[], const char *folder,
    const int sources[], const int targets[], int count, char *const holding[], const int held[], int held_count,
    int lifeline, int report);
