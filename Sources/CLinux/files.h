// Locks of open files (fcntl(2), which is variadic), and eventfd(2). Declared here rather than included, so that this
// module does not come to own the C library's structures.
#pragma once

extern int fcntl(int descriptor, int command, ...);
extern int fallocate(int descriptor, int mode, long offset, long bytes);
extern int eventfd(unsigned int count, int flags);
extern void *memmem(const void *bytes, unsigned long count, const void *wanted, unsigned long wanted_count);

/// struct flock of 64-bit Linux.
struct psrun_file_lock {
    short type, whence;
    long start, length;
    int process;
};

/// Takes the lock of a whole file for this open file description (F_OFD_SETLK, F_WRLCK); 0, or -1 with errno set
/// (EAGAIN: another has it).
static inline int psrun_lock_file(int descriptor) {
    struct psrun_file_lock lock = {1, 0, 0, 0, 0};
    return fcntl(descriptor, 37, &lock);
}

/// 1 where another open file description has the lock of this file (F_OFD_GETLK), 0 where none has, -1 with errno set.
static inline int psrun_is_file_locked(int descriptor) {
    struct psrun_file_lock lock = {1, 0, 0, 0, 0};
    return fcntl(descriptor, 36, &lock) == 0 ? lock.type != 2 : -1;
}

/// Takes so many bytes of its file system for a file (fallocate(2)); -1 with errno set where it cannot.
static inline int psrun_take_room(int descriptor, long bytes) { return fallocate(descriptor, 0, 0, bytes); }

/// An event counter (EFD_CLOEXEC, EFD_NONBLOCK); -1 with errno set otherwise.
static inline int psrun_event_counter(void) { return eventfd(0, 02000000 | 00004000); }

/// Where some bytes stand first in others, or NULL (memmem(3), which the C library keeps for GNU sources).
static inline const void *psrun_find_bytes(
    const void *bytes, unsigned long count, const void *wanted, unsigned long wanted_count
) {
    return memmem(bytes, count, wanted, wanted_count);
}
