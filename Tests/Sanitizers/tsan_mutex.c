// Tells ThreadSanitizer of locks that were waited for. Swift's Mutex takes and frees a lock that nobody waits for in code
// that is compiled with the program, which the sanitizer sees; where somebody waits, the Swift library does it, which has
// no sanitizer in it. What a lock had kept apart would be reported as a race then. `make tsan` links this into each
// program.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

// Synchronization._MutexHandle: _lockSlow(_: UInt32), _tryLockSlow() -> Bool, _unlockSlow()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

SWIFT void waiting_lock(uint32_t thread, SELF void *handle) __asm__(LOCK);
SWIFT bool waiting_try(SELF void *handle) __asm__(TRY);
SWIFT void waiting_unlock(SELF void *handle) __asm__(UNLOCK);

typedef SWIFT void (*lock_function)(uint32_t thread, SELF void *handle);
typedef SWIFT bool (*try_function)(SELF void *handle);
typedef SWIFT void (*unlock_function)(SELF void *handle);

// The library's own function, looked up once.
static void *library_function(_Atomic(void *) *found, const char *name)
{
    void *function = atomic_load_explicit(found, memory_order_relaxed);
    if (!function) {
        function = dlsym(RTLD_NEXT, name);
        atomic_store_explicit(found, function, memory_order_relaxed);
    }
    return function;
}

SWIFT void waiting_lock(uint32_t thread, SELF void *handle)
{
    static _Atomic(void *) found;
    ((lock_function)library_function(&found, LOCK))(thread, handle);
    __tsan_acquire(handle);
}

SWIFT bool waiting_try(SELF void *handle)
{
    static _Atomic(void *) found;
    bool taken = ((try_function)library_function(&found, TRY))(handle);
    if (taken)
        __tsan_acquire(handle);
    return taken;
}

SWIFT void waiting_unlock(SELF void *handle)
{
    static _Atomic(void *) found;
    __tsan_release(handle);
    ((unlock_function)library_function(&found, UNLOCK))(handle);
}
