#pragma once
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <krb5/krb5.h>
#include <string.h>

// What GSSAPI has as macros and as global variables, which Swift cannot name. The identifiers own their bytes: libraries
// keep pointers to them.

#define PSRUN_GSS_OID(name, length, bytes) \
    static inline gss_OID psrun_gss_##name(void) { \
        static const gss_OID_desc oid = {length, (void *)bytes}; \
        return (gss_OID)&oid; \
    }

/// Kerberos: 1.2.840.113554.1.2.2 (RFC 1964).
PSRUN_GSS_OID(krb5, 9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02")
/// SPNEGO: 1.3.6.1.5.5.2 (RFC 4178).
PSRUN_GSS_OID(spnego, 6, "\x2b\x06\x01\x05\x05\x02")
/// NTLM: 1.3.6.1.4.1.311.2.2.10 (MS-NLMP).
PSRUN_GSS_OID(ntlm, 10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a")
/// A user's name: 1.2.840.113554.1.2.1.1.
PSRUN_GSS_OID(user_name, 10, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x01")
/// A service at a host, `service@host`: 1.2.840.113554.1.2.1.4.
PSRUN_GSS_OID(host_service, 10, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x04")
/// A principal of Kerberos, taken as it is written: 1.2.840.113554.1.2.2.1.
PSRUN_GSS_OID(krb5_principal, 10, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01")

static inline int psrun_gss_failed(OM_uint32 major) { return GSS_ERROR(major) != 0; }
static inline int psrun_gss_goes_on(OM_uint32 major) { return !GSS_ERROR(major) && (major & GSS_S_CONTINUE_NEEDED); }
/// Not even a word beside it: a message that is complete, but an old one or not the next, has such.
static inline int psrun_gss_is_complete(OM_uint32 major) { return major == GSS_S_COMPLETE; }
static inline int psrun_gss_is_unavailable(OM_uint32 major) { return GSS_ROUTINE_ERROR(major) == GSS_S_UNAVAILABLE; }

static inline int psrun_gss_is_expired(OM_uint32 major) { return GSS_ROUTINE_ERROR(major) == GSS_S_CREDENTIALS_EXPIRED; }

static inline int psrun_gss_same(gss_OID one, gss_OID other) {
    return one && other && one->length == other->length && memcmp(one->elements, other->elements, one->length) == 0;
}

/// Whether a library for NTLM is there (gss-ntlmssp).
static inline int psrun_gss_has_ntlm(void) {
    OM_uint32 minor;
    gss_OID_set mechanisms = GSS_C_NO_OID_SET;
    int is_there = 0;
    if (GSS_ERROR(gss_indicate_mechs(&minor, &mechanisms))) return 0;
    gss_test_oid_set_member(&minor, psrun_gss_ntlm(), mechanisms, &is_there);
    gss_release_oid_set(&minor, &mechanisms);
    return is_there;
}

/// The realm that krb5.conf gives a host (domain_realm); "" where it has none. No name server is asked unless krb5.conf
/// says so. Returns 0 where `realm` holds it.
static inline int psrun_krb5_host_realm(const char *host, char *realm, size_t length) {
    krb5_context context = NULL;
    char **realms = NULL;
    realm[0] = 0;
    int failure = krb5_init_context(&context);
    if (failure != 0) return failure;
    if (krb5_get_host_realm(context, host, &realms) == 0 && realms != NULL) {
        if (realms[0] != NULL && strlen(realms[0]) < length) strcpy(realm, realms[0]);
        krb5_free_host_realm(context, realms);
    }
    krb5_free_context(context);
    return 0;
}

/// Forgets the tickets of a credential cache of this process's memory.
static inline void psrun_krb5_forget(const char *name) {
    krb5_context context = NULL;
    krb5_ccache cache = NULL;
    if (krb5_init_context(&context) != 0) return;
    if (krb5_cc_resolve(context, name, &cache) == 0) krb5_cc_destroy(context, cache);
    krb5_free_context(context);
}

/// Looks through the caches of tickets that the machine's user has, in krb5's order.
///
/// krb5's own look does the same, but where a cache exists and cannot be read it frees a pointer that was never set
/// (krb5_cccol_have_content of 1.20): a file that was cut short would end this process.
/// Returns how many caches cannot be read before the first that can. `name` holds that one, or the first broken one where
/// there is none; `reason` says why the broken one cannot be read.
static inline int psrun_krb5_own_cache(char *name, char *reason, size_t length, int *is_usable) {
    krb5_context context = NULL;
    krb5_cccol_cursor cursor = NULL;
    krb5_ccache cache = NULL;
    int broken = 0;
    name[0] = reason[0] = 0;
    *is_usable = 0;
    if (krb5_init_context(&context) != 0) return 0;
    if (krb5_cccol_cursor_new(context, &cursor) == 0) {
        while (!*is_usable && krb5_cccol_cursor_next(context, cursor, &cache) == 0 && cache != NULL) {
            krb5_principal owner = NULL;
            krb5_error_code error = krb5_cc_get_principal(context, cache, &owner);
            char *full = NULL;
            if (error == 0) krb5_free_principal(context, owner);
            // A file that is not there is not a cache, though it has a name.
            if (error != KRB5_FCC_NOFILE && error != KRB5_CC_NOTFOUND) {
                if ((error == 0 || broken == 0) && krb5_cc_get_full_name(context, cache, &full) == 0) {
                    if (strlen(full) < length) strcpy(name, full);
                    krb5_free_string(context, full);
                }
                if (error != 0 && broken++ == 0) {
                    const char *words = krb5_get_error_message(context, error);
                    if (words != NULL && strlen(words) < length) strcpy(reason, words);
                    krb5_free_error_message(context, words);
                }
            }
            *is_usable = error == 0;
            krb5_cc_close(context, cache);
        }
        krb5_cccol_cursor_free(context, &cursor);
    }
    krb5_free_context(context);
    return broken;
}
