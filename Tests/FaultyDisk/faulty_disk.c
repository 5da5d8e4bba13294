#define _GNU_SOURCE
#include "FaultyDisk.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { descriptors = 1024 };

static const char *folder;
static int journal = -1, nth = -1, code, is_lasting, is_short, is_silent;
static atomic_int count;
/// A short write was told as one: the next operation fails.
static atomic_int owed;
static char paths[descriptors][PATH_MAX];

static int number(const char *name, int missing) {
    const char *text = getenv(name);
    return text == NULL ? missing : atoi(text);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    folder = getenv("FAULTY_FOLDER");
    nth = number("FAULTY_NTH", -1);
    code = number("FAULTY_ERRNO", ENOSPC);
    is_lasting = getenv("FAULTY_LASTING") != NULL;
    is_short = getenv("FAULTY_SHORT") != NULL;
    is_silent = getenv("FAULTY_SILENT") != NULL;
    const char *log = getenv("FAULTY_LOG");
    if (log != NULL) {
        int file = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        journal = fcntl(file, F_DUPFD_CLOEXEC, 900);
        REAL(close)(file);
    }
    unsetenv("LD_PRELOAD");
}

static int is_inside(const char *path) {
    return folder != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static const char *path_of(int descriptor) {
    return descriptor >= 0 && descriptor < descriptors && paths[descriptor][0] != 0 ? paths[descriptor] : NULL;
}

/// Counts an operation; whether it is to fail, with errno set.
static int fails(const char *operation, const char *path) {
    int place = atomic_fetch_add(&count, 1);
    int failing = place == nth || (is_lasting && nth >= 0 && place > nth) || atomic_exchange(&owed, 0);
    dprintf(journal, "%d %s %s %s\n", place, failing ? "failed" : "ok", operation, path);
    while (failing && is_silent) pause();
    errno = code;
    return failing;
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (!is_inside(path)) return REAL(open)(path, flags, mode);
    if (fails("open", path)) return -1;
    int descriptor = REAL(open)(path, flags, mode);
    if (descriptor >= 0 && descriptor < descriptors) snprintf(paths[descriptor], PATH_MAX, "%s", path);
    return descriptor;
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

/// The whole path of a name in an open folder of the recordings; NULL for any other.
static const char *path_in(int descriptor, const char *name, char *path) {
    const char *parent = path_of(descriptor);
    if (name[0] == '/') return is_inside(name) ? name : NULL;
    if (parent == NULL) return NULL;
    snprintf(path, PATH_MAX, "%s/%s", parent, name);
    return path;
}

int openat(int descriptor, const char *name, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    char room[PATH_MAX];
    const char *path = path_in(descriptor, name, room);
    if (path == NULL) return REAL(openat)(descriptor, name, flags, mode);
    if (fails("open", path)) return -1;
    int file = REAL(openat)(descriptor, name, flags, mode);
    if (file >= 0 && file < descriptors) snprintf(paths[file], PATH_MAX, "%s", path);
    return file;
}

int openat64(int descriptor, const char *name, int flags, ...) __attribute__((alias("openat")));

int renameat(int from, const char *name, int to, const char *other) {
    char room[PATH_MAX];
    const char *path = path_in(from, name, room);
    return path != NULL && fails("rename", path) ? -1 : REAL(renameat)(from, name, to, other);
}

int mkdirat(int descriptor, const char *name, mode_t mode) {
    char room[PATH_MAX];
    const char *path = path_in(descriptor, name, room);
    return path != NULL && fails("mkdir", path) ? -1 : REAL(mkdirat)(descriptor, name, mode);
}

int close(int descriptor) {
    if (descriptor >= 0 && descriptor < descriptors) paths[descriptor][0] = 0;
    return REAL(close)(descriptor);
}

ssize_t write(int descriptor, const void *bytes, size_t size) {
    const char *path = path_of(descriptor);
    if (path == NULL || !fails("write", path)) return REAL(write)(descriptor, bytes, size);
    if (!is_short || size < 2) return -1;
    ssize_t written = REAL(write)(descriptor, bytes, size / 2);
    owed = 1;
    return written;
}

int fsync(int descriptor) {
    const char *path = path_of(descriptor);
    return path != NULL && fails("fsync", path) ? -1 : REAL(fsync)(descriptor);
}

int fdatasync(int descriptor) {
    const char *path = path_of(descriptor);
    return path != NULL && fails("fdatasync", path) ? -1 : REAL(fdatasync)(descriptor);
}

int ftruncate(int descriptor, off_t size) {
    const char *path = path_of(descriptor);
    return path != NULL && fails("ftruncate", path) ? -1 : REAL(ftruncate)(descriptor, size);
}

int rename(const char *from, const char *to) {
    return is_inside(from) && fails("rename", from) ? -1 : REAL(rename)(from, to);
}

int mkdir(const char *path, mode_t mode) {
    return is_inside(path) && fails("mkdir", path) ? -1 : REAL(mkdir)(path, mode);
}
